import type { IncomingMessage } from 'node:http'
import { findConnections, type OpenConnection } from '@clawbernetes/services/channels/find-connections'
import type { SystemCtx } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import { InteractionResponseType, InteractionType, verifyKey } from 'discord-interactions'
import { channelEnv } from '../../channels/channel-env'
import type { DoorContext, DoorRoute } from '../door'
import { readRawBody } from '../raw-body'
import { reply } from '../reply'
import { interaction as interactionSchema } from './interaction'
import { answerInteraction } from './answer-interaction'
import { privately } from './private-answer'

const MAX_BYTES = 512 * 1024
const MAX_AGE_S = 300

/** What Discord sends to the interactions endpoint: signed with the application's Ed25519 key, answered within three seconds. */
export function discordDoor(ctx: DoorContext): DoorRoute {
  const { sys } = ctx
  const env = channelEnv()
  return {
    prefix: '/api/discord',
    handle: async (request, response) => {
      if (request.method !== 'POST') return reply(response, 405, 'Discord sends POST.\n')
      let raw: Buffer
      try {
        raw = await readRawBody(request, { maxBytes: MAX_BYTES })
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error
        return reply(response, error.code === 'too-large' ? 413 : 400, `${error.message}\n`)
      }
      const parsed = interactionSchema.safeParse(parseJson(raw))
      const proved = parsed.success ? await prove(sys, request, raw, parsed.data.application_id) : null
      if (!parsed.success || !proved) return reply(response, 401, 'The signature does not fit.\n')
      const said = parsed.data
      const json = (body: object) => reply(response, 200, JSON.stringify(body), 'application/json')
      if (said.type === InteractionType.PING) return json({ type: InteractionResponseType.PONG })
      const connection = proved.find((c) => c.teamId === said.guild_id)
      if (!connection) return json(privately('This server is not connected to Clawbernetes.'))
      json(await answerInteraction(sys, env, connection, said))
    },
  }
}

const parseJson = (raw: Buffer): unknown => {
  try {
    return JSON.parse(raw.toString('utf8'))
  } catch {
    return null
  }
}

/** The connections of the application whose key signed this within the last five minutes; null: the signature does not fit. */
async function prove(
  sys: SystemCtx,
  { headers }: IncomingMessage,
  raw: Buffer,
  appId: string,
): Promise<OpenConnection[] | null> {
  const signature = headers['x-signature-ed25519']
  const timestamp = headers['x-signature-timestamp']
  if (typeof signature !== 'string' || typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) return null
  if (Math.abs(sys.now().getTime() / 1000 - Number(timestamp)) > MAX_AGE_S) return null
  const connections = await findConnections(sys, { kind: 'discord', appId })
  const key = connections[0]?.verifier
  return key && (await verifyKey(raw, signature, timestamp, key)) ? connections.filter((c) => c.verifier === key) : null
}
