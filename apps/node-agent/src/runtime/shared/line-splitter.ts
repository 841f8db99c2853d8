import { StringDecoder } from 'node:string_decoder'

/** As long as one line on the wire may be. */
export const MAX_LINE_CHARS = 8000

/**
 * Cuts a byte stream into lines. A lone carriage return ends a line too, so that progress bars show as they move;
 * a longer line goes out in pieces. Bytes that are no UTF-8 become U+FFFD.
 */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8')
  #rest = ''

  constructor(readonly maxChars: number = MAX_LINE_CHARS) {}

  push(chunk: Buffer): string[] {
    return this.#cut(this.#decoder.write(chunk))
  }

  /** What is left at the end of the stream, a line without its newline. */
  end(): string[] {
    const lines = this.#cut(this.#decoder.end())
    if (this.#rest) lines.push(this.#rest.replace(/\r$/, ''))
    this.#rest = ''
    return lines
  }

  #cut(text: string): string[] {
    const pieces = (this.#rest + text).split(/\r\n|\n|\r(?!\n|$)/)
    this.#rest = pieces.pop() ?? ''
    const lines = pieces.flatMap((piece) => this.#chop(piece))
    while (this.#rest.length > this.maxChars) {
      lines.push(this.#rest.slice(0, this.maxChars))
      this.#rest = this.#rest.slice(this.maxChars)
    }
    return lines
  }

  #chop(line: string): string[] {
    if (line.length <= this.maxChars) return [line]
    const parts: string[] = []
    for (let at = 0; at < line.length; at += this.maxChars) parts.push(line.slice(at, at + this.maxChars))
    return parts
  }
}
