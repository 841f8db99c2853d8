import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import next from 'next'
import { stampCaller, trustedProxies } from './trpc/caller-address'
import { attachRealtime } from './realtime/attach'

/**
 * One process and one port for pages, the API and the browsers' sockets. Next cannot proxy websockets, so socket.io
 * sits on the same HTTP server under /realtime and everything else goes to Next.
 */
const here = dirname(fileURLToPath(import.meta.url))
const dir = existsSync(join(here, 'next.config.ts')) ? here : dirname(here)
const dev = process.env.NODE_ENV !== 'production'
const port = Number(process.env.PORT ?? 3000)
const hostname = process.env.HOST ?? '127.0.0.1'
const proxies = trustedProxies(process.env)

const server = createServer()
const app = next({ dev, dir, port, hostname, httpServer: server })
await app.prepare()
const handle = app.getRequestHandler()
server.on('request', (request, response) => {
  if (request.url?.startsWith('/realtime')) return
  stampCaller(request, proxies)
  void handle(request, response)
})
const realtime = await attachRealtime(server)

server.on('error', (error: NodeJS.ErrnoException) => {
  const reason =
    error.code === 'EADDRINUSE' ? `Port ${port} is already in use; set PORT to another one.` : error.message
  console.error(`The web app could not start. ${reason}`)
  process.exit(1)
})
server.listen(port, hostname, () => {
  const address = server.address()
  const actualPort = typeof address === 'object' && address ? address.port : port
  console.log(JSON.stringify({ event: 'web.ready', url: `http://${hostname}:${actualPort}` }))
})

let closing = false
async function shutDown(): Promise<void> {
  if (closing) return
  closing = true
  await realtime.close()
  server.closeAllConnections()
  await app.close()
  process.exit(0)
}
process.on('SIGTERM', () => void shutDown())
process.on('SIGINT', () => void shutDown())
