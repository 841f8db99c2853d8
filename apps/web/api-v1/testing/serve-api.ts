import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { stampCaller } from '../../trpc/caller-address'
import { createApi } from '../app'

/** The API on a port, for programs that come over the network. */
export async function serveApi(): Promise<{ url: string; close(): void }> {
  const { fetch } = createApi()
  const server: Server = createServer((request, response) => {
    stampCaller(request, 0)
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    const hasBody = request.method === 'POST' && request.headers['content-type'] !== undefined
    void fetch(
      new Request(`http://127.0.0.1${request.url ?? '/'}`, {
        method: request.method ?? 'GET',
        headers: request.headers as Record<string, string>,
        signal: gone.signal,
        ...(hasBody ? { body: Readable.toWeb(request) as ReadableStream, duplex: 'half' } : {}),
      } as RequestInit),
    ).then((answer) => {
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      if (answer.body)
        Readable.fromWeb(answer.body as never)
          .on('error', () => response.destroy())
          .pipe(response)
      else response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
