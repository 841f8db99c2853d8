export interface Frame {
  stream: 'stdout' | 'stderr'
  payload: Buffer
}

const HEADER_BYTES = 8

/** Takes the engines' multiplexed stream apart: 8 bytes of header (stream, three zeros, length), then that many bytes. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0)

  push(chunk: Buffer): Frame[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const frames: Frame[] = []
    let at = 0
    while (this.#rest.length - at >= HEADER_BYTES) {
      const length = this.#rest.readUInt32BE(at + 4)
      if (this.#rest.length - at - HEADER_BYTES < length) break
      const payload = this.#rest.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length)
      frames.push({ stream: this.#rest[at] === 2 ? 'stderr' : 'stdout', payload })
      at += HEADER_BYTES + length
    }
    this.#rest = this.#rest.subarray(at)
    return frames
  }
}
