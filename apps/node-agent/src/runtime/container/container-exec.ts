import type Docker from 'dockerode'
import { FrameReader } from './frames'

export interface ExecResult {
  /** null when it could not be run or did not end in time. */
  exitCode: number | null
  output: string
}

/** Runs a short command in a container and gives what it wrote; never throws. */
export async function runInContainer(
  container: Docker.Container,
  command: string[],
  timeoutMs: number,
): Promise<ExecResult> {
  let output = ''
  try {
    const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true })
    const stream = await exec.start({ Detach: false, Tty: false })
    const frames = new FrameReader()
    const finished = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => {
        stream.destroy()
        resolve(false)
      }, timeoutMs)
      stream.on('data', (chunk: Buffer) => {
        for (const frame of frames.push(chunk)) output += frame.payload.toString('utf8')
      })
      stream.on('error', () => {})
      stream.on('close', () => {
        clearTimeout(timer)
        resolve(true)
      })
      stream.on('end', () => {
        clearTimeout(timer)
        resolve(true)
      })
    })
    if (!finished) return { exitCode: null, output: `${output}\nno end within ${timeoutMs} ms` }
    const { ExitCode } = await exec.inspect()
    return { exitCode: ExitCode, output }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    // Some engines answer the request itself with the failure to find the program.
    return { exitCode: /executable file not found|not found/i.test(text) ? 127 : null, output: text }
  }
}
