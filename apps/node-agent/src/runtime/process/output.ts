import { execFileSync } from 'node:child_process'
import { closeSync, constants, existsSync, openSync } from 'node:fs'
import net from 'node:net'
import { LineSplitter } from '../shared/line-splitter'
import type { LogWriter } from './log-store'
import type { ProcessFiles } from './process-files'

/**
 * The process writes into two named pipes that it also holds open for reading, so it neither fails nor loses output
 * when its supervisor is killed: it waits once a pipe is full, and the next supervisor reads on.
 */
export function makePipes(files: ProcessFiles): void {
  const missing = [files.stdout, files.stderr].filter((file) => !existsSync(file))
  if (missing.length > 0) execFileSync('mkfifo', ['-m', '600', ...missing])
}

/** The ends for the process; close them once it has started, or the pipes never end. */
export function openWriteEnds(files: ProcessFiles): { stdout: number; stderr: number; close: () => void } {
  const stdout = openSync(files.stdout, constants.O_RDWR)
  const stderr = openSync(files.stderr, constants.O_RDWR)
  return {
    stdout,
    stderr,
    close: () => {
      closeSync(stdout)
      closeSync(stderr)
    },
  }
}

/** Stores what comes out of both pipes. `drained` resolves when nobody holds the other ends any more. */
export function collectOutput(files: ProcessFiles, log: LogWriter): { drained: Promise<void>; stop: () => void } {
  const readers = (['stdout', 'stderr'] as const).map((stream) => {
    const fd = openSync(files[stream], constants.O_RDONLY | constants.O_NONBLOCK)
    const socket = new net.Socket({ fd, readable: true, writable: false })
    const splitter = new LineSplitter()
    socket.on('data', (chunk: Buffer) => log.write(stream, splitter.push(chunk)))
    const finish = () => log.write(stream, splitter.end())
    return { socket, finish, ended: endOf(socket) }
  })
  return {
    drained: Promise.all(readers.map(({ ended }) => ended)).then(() => undefined),
    stop: () => {
      for (const { socket, finish } of readers) {
        socket.destroy()
        finish()
      }
    },
  }
}

const endOf = (socket: net.Socket) =>
  new Promise<void>((resolve) => {
    socket.once('end', resolve)
    socket.once('error', () => resolve())
    socket.once('close', () => resolve())
  })
