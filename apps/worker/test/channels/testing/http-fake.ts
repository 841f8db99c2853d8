import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeServer {
  url: string
  close(): Promise<void>
}

/** A platform's API on a port of its own, over real HTTP. */
export async function serve(
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void | Promise<void>,
): Promise<FakeServer> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => void answer(request, Buffer.concat(chunks).toString('utf8'), response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export const sendJson = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

/** What goes wrong with the next calls of a method. */
export type Fault =
  | { kind: 'error'; error: string; status?: number; code?: number }
  | { kind: 'rate'; retryAfterS: number }
  /** The call has its effect, and its answer is lost. */
  | { kind: 'lost' }
  | { kind: 'down' }

export class Faults {
  private readonly next = new Map<string, Fault[]>()
  put(method: string, ...faults: Fault[]): void {
    this.next.set(method, [...(this.next.get(method) ?? []), ...faults])
  }
  take(method: string): Fault | undefined {
    return this.next.get(method)?.shift()
  }
}
