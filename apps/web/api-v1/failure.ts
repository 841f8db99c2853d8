import { z } from '@hono/zod-openapi'
import { type ErrorCode, HTTP_STATUS, ServiceError } from '@clawbernetes/services/errors'
import { HTTPException } from 'hono/http-exception'

export const failureBody = z
  .object({
    error: z.object({
      code: z.enum([...(Object.keys(HTTP_STATUS) as ErrorCode[]), 'internal']),
      message: z.string().openapi({ description: 'What is wrong and what to do, for a person.' }),
    }),
  })
  .openapi('Error')
type Code = z.infer<typeof failureBody>['error']['code']

/** A refusal in words, with the headers that belong to its status; what we did not foresee stays in the log. */
export function failureOf(error: unknown, requestId: string): Response {
  if (error instanceof ServiceError)
    return answer(HTTP_STATUS[error.code], error.code, error.message, extraHeaders(error))
  if (error instanceof HTTPException) {
    const code = HTTP_CODES[error.status] ?? 'invalid'
    return answer(error.status, code, HTTP_WORDS[error.status] ?? error.message)
  }
  console.error(
    JSON.stringify({
      event: 'api.failed',
      requestId,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }),
  )
  return answer(500, 'internal', `The server failed to answer. Quote ${requestId} when you report it.`)
}

export function answer(status: number, code: Code, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error: { code, message } }, { status, headers })
}

function extraHeaders(error: ServiceError): Record<string, string> {
  if (error.code === 'unauthenticated') return { 'www-authenticate': 'Bearer realm="clawbernetes"' }
  if (error.code === 'rate-limited' && typeof error.data.retryAfterS === 'number')
    return { 'retry-after': String(error.data.retryAfterS) }
  return {}
}

const HTTP_CODES: Record<number, Code> = { 400: 'invalid', 404: 'not-found', 413: 'too-large', 415: 'invalid' }
const HTTP_WORDS: Record<number, string> = {
  400: 'The body is not valid JSON.',
  415: 'Send the body as application/json.',
}
