import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import type { RuntimeLine } from '../runtime'
import { LineSplitter } from '../shared/line-splitter'
import { inspectContainer } from './container-actions'
import { hasEnded, neverRan } from './container-state'
import type { Engine } from './engine'
import { type Frame, FrameReader } from './frames'

const WAIT_MS = 200
const RETRY_MS = 1000

/**
 * Follows a container's output from a time on, over reconnects, to its end. Engines stamp lines with nanoseconds
 * (Docker) or whole seconds (Podman), and several lines may share a stamp: here each gets the next microsecond. Reading
 * again from an earlier whole second gives every line the same time again, so a time is an exact cursor.
 */
export class ContainerLogFollower {
  #stopped = false
  #stream: NodeJS.ReadableStream | null = null
  #cursorUs: number
  readonly #abort = new AbortController()
  readonly done: Promise<void>

  constructor(
    readonly engine: Engine,
    readonly name: string,
    sinceUs: number,
    /** No container will come any more under this name. */
    readonly isOver: () => boolean,
    readonly onLine: (line: RuntimeLine) => void,
    readonly onEnd: () => void,
  ) {
    this.#cursorUs = sinceUs
    this.done = this.#run()
  }

  stop(): void {
    this.#stopped = true
    this.#abort.abort()
    destroy(this.#stream)
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        if (await this.#round()) {
          if (!this.#stopped) this.onEnd()
          return
        }
        await this.#pause(WAIT_MS)
      } catch {
        // The engine is away or closed the stream: what was delivered is known, so it goes on from there.
        await this.#pause(RETRY_MS)
      }
    }
  }

  /** True when everything there will ever be was delivered. */
  async #round(): Promise<boolean> {
    const over = this.isOver()
    const info = await inspectContainer(this.engine, this.name)
    if (!info) return over
    if (neverRan(info)) return false
    const container = this.engine.docker.getContainer(info.Id)
    const ended = hasEnded(info)
    // A followed stream may lack the last words (Docker drops an unfinished line), so the end is read once more.
    if (ended) await this.#readToEnd(container)
    else await this.#follow(container)
    return ended
  }

  async #readToEnd(container: Docker.Container): Promise<void> {
    const stamper = new Stamper()
    const frames = new FrameReader().push(await container.logs({ ...this.#query(), follow: false }))
    for (const frame of frames) this.#deliver(stamper.lines(frame))
    this.#deliver(stamper.end())
  }

  async #follow(container: Docker.Container): Promise<void> {
    const stream = await container.logs({ ...this.#query(), follow: true, abortSignal: this.#abort.signal })
    this.#stream = stream
    if (this.#stopped) return destroy(stream)
    const frames = new FrameReader()
    const stamper = new Stamper()
    await new Promise<void>((resolve, reject) => {
      stream.on('data', (chunk: Buffer) => {
        for (const frame of frames.push(chunk)) this.#deliver(stamper.lines(frame))
      })
      stream.on('end', resolve)
      stream.on('close', resolve)
      stream.on('error', reject)
    })
  }

  #query() {
    const sinceS = Math.max(0, Math.floor(this.#cursorUs / 1e6) - 1)
    return { stdout: true, stderr: true, timestamps: true, since: sinceS } as const
  }

  #deliver(lines: StampedLine[]): void {
    for (const { us, stream, text } of lines) {
      if (us <= this.#cursorUs || this.#stopped) continue
      this.#cursorUs = us
      this.onLine({ atMs: us / 1000, stream, text })
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#abort.signal }).catch(() => undefined)
  }
}

/**
 * Puts frames together to lines with strictly growing times. A frame is a line or a piece of one: Docker cuts long lines,
 * Podman any line that its buffer happened to end in.
 */
class Stamper {
  #lastUs = 0
  readonly #splitters = { stdout: new LineSplitter(), stderr: new LineSplitter() }

  lines({ stream, payload }: Frame): StampedLine[] {
    const space = payload.indexOf(32)
    const stampUs = microseconds(payload.toString('latin1', 0, Math.max(0, space)))
    const body = stampUs === null ? payload : payload.subarray(space + 1)
    return this.#stamp(stream, this.#splitters[stream].push(body), stampUs ?? 0)
  }

  /** What never got its newline. */
  end(): StampedLine[] {
    return (['stdout', 'stderr'] as const).flatMap((stream) => this.#stamp(stream, this.#splitters[stream].end(), 0))
  }

  #stamp(stream: Frame['stream'], texts: string[], atUs: number): StampedLine[] {
    return texts.map((text) => {
      this.#lastUs = Math.max(atUs, this.#lastUs + 1)
      return { us: this.#lastUs, stream, text }
    })
  }
}

interface StampedLine {
  us: number
  stream: Frame['stream']
  text: string
}

/** RFC 3339 with up to nine digits, of which six are kept; null for anything else. */
function microseconds(stamp: string): number | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(stamp)
  if (!match) return null
  const seconds = Date.parse(`${match[1]}${match[3]}`)
  return seconds * 1000 + Number((match[2] ?? '').padEnd(6, '0').slice(0, 6))
}

function destroy(stream: NodeJS.ReadableStream | null): void {
  if (stream && 'destroy' in stream && typeof stream.destroy === 'function') stream.destroy()
}
