import 'server-only'
import { type IncomingMessage, request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'

/** A message with a long paste or a large tool call fits; a file does not. */
const MAX_BODY_BYTES = 1024 * 1024
/** Until the first byte of an answer. */
const ANSWER_TIMEOUT_MS = 60_000
/** Headers of this hop alone, and the cookies: these doors know people by their key or by a signature, never by a session. */
const NOT_FORWARDED = new Set([
  'connection',
  'content-length',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * Passes a request on to the gateway, which holds the doors for other programs (they need the skills, which the web app does
 * not carry). The body arrives there to the byte, because signatures cover it; the answer streams back as it is written.
 */
export async function forwardToGateway(request: Request): Promise<Response> {
  const url = new URL(request.url)
  const body = await readBody(request)
  if (body === 'too-large') return refusal(413, 'too-large', `The request is larger than ${MAX_BODY_BYTES} bytes.`)
  try {
    const answer = await ask(request, `${url.pathname}${url.search}`, body)
    return new Response(streamOf(answer, request.signal), {
      status: answer.statusCode ?? 502,
      headers: answerHeaders(answer),
    })
  } catch {
    return refusal(
      502,
      'unavailable',
      'The gateway of this installation does not answer. It may be restarting: try again in a few seconds.',
    )
  }
}

async function readBody(request: Request): Promise<Buffer | 'too-large' | null> {
  if (!request.body) return null
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) return 'too-large'
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) return 'too-large'
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function ask(request: Request, path: string, body: Buffer | null): Promise<IncomingMessage> {
  const headers: Record<string, string> = {}
  for (const [name, value] of request.headers) if (!NOT_FORWARDED.has(name)) headers[name] = value
  if (body) headers['content-length'] = String(body.length)
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { ...gatewayAddress(), path, method: request.method, headers, timeout: ANSWER_TIMEOUT_MS, agent: false },
      (answer) => {
        // From here on it may take as long as a person needs to decide.
        sent.setTimeout(0)
        resolve(answer)
      },
    )
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')))
    sent.on('error', reject)
    request.signal.addEventListener('abort', () => sent.destroy(), { once: true })
    sent.end(body ?? undefined)
  })
}

/** The gateway of this machine, which is asked without leaving it. */
function gatewayAddress(): { hostname: string; port: number } {
  const host = process.env.GATEWAY_HOST ?? '127.0.0.1'
  return {
    hostname: host === '0.0.0.0' || host === '::' || host === '' ? '127.0.0.1' : host,
    port: Number(process.env.GATEWAY_PORT ?? 3001),
  }
}

function streamOf(answer: IncomingMessage, signal: AbortSignal): ReadableStream<Uint8Array> | null {
  if (answer.statusCode === 204 || answer.statusCode === 304) {
    answer.resume()
    return null
  }
  signal.addEventListener('abort', () => answer.destroy(), { once: true })
  return Readable.toWeb(answer) as ReadableStream<Uint8Array>
}

function answerHeaders(answer: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(answer.headers)) {
    if (NOT_FORWARDED.has(name) || value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one)
  }
  // A compressing hop would hold events back until its block is full.
  headers.set('cache-control', 'no-store, no-transform')
  headers.set('x-accel-buffering', 'no')
  return headers
}

const refusal = (status: number, code: string, message: string): Response =>
  Response.json({ error: { code, message } }, { status, headers: { 'cache-control': 'no-store' } })
