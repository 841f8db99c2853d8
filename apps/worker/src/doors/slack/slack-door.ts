import type { IncomingMessage, ServerResponse } from 'node:http'
import { findConnections, type OpenConnection } from '@clawbernetes/services/channels/find-connections'
import { ServiceError } from '@clawbernetes/services/errors'
import type { App } from '@slack/bolt'
import type { DoorContext, DoorRoute } from '../door'
import { readRawBody } from '../raw-body'
import { reply } from '../reply'
import { parseSlackBody, type SlackBody, teamOf } from './slack-body'

const MAX_BYTES = 1024 * 1024
/** Slack's own window for a signature's age; a clock that is ahead gets as much. */
const MAX_AHEAD_S = 300

/**
 * Everything that Slack sends: events, buttons, dialogues. The connection is found by the workspace, and proved by the signature under
 * that connection's own secret (Bolt's check); Bolt then takes the request to its listener. Work that takes time is a job.
 */
export function slackDoor(ctx: DoorContext): DoorRoute {
  let app: Promise<App> | undefined
  const connectionOf = new WeakMap<object, OpenConnection>()
  return {
    prefix: '/api/slack',
    handle: async (request, response) => {
      if (request.method !== 'POST') return reply(response, 405, 'Slack sends POST.\n')
      const raw = await readBody(request, response)
      if (raw === null) return
      const body = parseSlackBody(raw, request.headers['content-type'] ?? '')
      if (!body) return reply(response, 400, 'Not a request of Slack.\n')
      const connection = await prove(ctx, request, raw, body)
      if (!connection) return reply(response, 401, 'The signature does not fit.\n')
      if (body.type === 'url_verification')
        return reply(response, 200, typeof body.challenge === 'string' ? body.challenge.slice(0, 500) : '')
      connectionOf.set(body, connection)
      app ??= import('./slack-app').then(({ slackApp }) => slackApp(ctx, (b) => connectionOf.get(b)))
      await take(await app, body, connection, response)
    },
  }
}

async function readBody(request: IncomingMessage, response: ServerResponse): Promise<string | null> {
  try {
    return (await readRawBody(request, { maxBytes: MAX_BYTES })).toString('utf8')
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    reply(response, error.code === 'too-large' ? 413 : 400, `${error.message}\n`)
    return null
  }
}

/** The connection whose secret signed this request within the last five minutes; null: none did. */
async function prove(
  { sys }: DoorContext,
  { headers }: IncomingMessage,
  body: string,
  parsed: SlackBody,
): Promise<OpenConnection | null> {
  const signature = headers['x-slack-signature']
  const timestamp = Number(headers['x-slack-request-timestamp'])
  if (typeof signature !== 'string' || !Number.isInteger(timestamp)) return null
  const nowMilliseconds = sys.now().getTime()
  if (timestamp > nowMilliseconds / 1000 + MAX_AHEAD_S) return null
  const teamId = teamOf(parsed)
  // The first call of a new app names no workspace: it may be any connection's.
  if (!teamId && parsed.type !== 'url_verification') return null
  const { isValidSlackRequest } = await import('@slack/bolt')
  const signed = { 'x-slack-signature': signature, 'x-slack-request-timestamp': timestamp }
  for (const connection of await findConnections(sys, { kind: 'slack', teamId })) {
    const { verifier: signingSecret } = connection
    if (signingSecret && isValidSlackRequest({ signingSecret, body, headers: signed, nowMilliseconds }))
      return connection
  }
  return null
}

/** Answers when the listener is done: what it failed to store is sent again by Slack. */
async function take(app: App, body: SlackBody, connection: OpenConnection, response: ServerResponse): Promise<void> {
  let answer: unknown
  await app.processEvent({
    body,
    customProperties: { connection },
    ack: (given?: unknown) => {
      answer = given
      return Promise.resolve()
    },
  })
  if (answer === undefined || answer === '') return reply(response, 200, '')
  reply(response, 200, JSON.stringify(answer), 'application/json')
}
