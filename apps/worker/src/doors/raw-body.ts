import type { IncomingMessage } from 'node:http'
import { ServiceError } from '@clawbernetes/services/errors'

const BODY_TIMEOUT_MS = 10_000

/** The body to the byte, as a signature covers it. Throws `too-large` and, when it does not arrive in time, `invalid`. */
export function readRawBody(
  request: IncomingMessage,
  { maxBytes, timeoutMs = BODY_TIMEOUT_MS }: { maxBytes: number; timeoutMs?: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const fail = (error: Error) => {
      clearTimeout(timer)
      request.removeAllListeners('data')
      request.resume()
      reject(error)
    }
    const timer = setTimeout(() => fail(new ServiceError('invalid', 'The request did not arrive in time.')), timeoutMs)
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxBytes) fail(new ServiceError('too-large', `The request is larger than ${maxBytes} bytes.`))
      else chunks.push(chunk)
    })
    request.on('end', () => {
      clearTimeout(timer)
      resolve(Buffer.concat(chunks))
    })
    request.on('error', fail)
    request.on('aborted', () => fail(new ServiceError('invalid', 'The request ended before it was complete.')))
  })
}
