import { breakChannel } from '@clawbernetes/services/channels/apply-channel-check'
import type { OpenConnection } from '@clawbernetes/services/channels/find-connections'
import { enqueue } from '@clawbernetes/services/jobs/enqueue'
import { App, type Logger, LogLevel, type Receiver } from '@slack/bolt'
import { channelEnv } from '../../channels/channel-env'
import type { DoorContext } from '../door'
import { onAction, onRejection } from './slack-actions'
import { hearSlack } from './slack-messages'

/** The door receives; Bolt only has to know that there is somebody. */
const receiver: Receiver = { init: () => {}, start: () => Promise.resolve(), stop: () => Promise.resolve() }

/** Bolt with the listeners of this installation. Requests are proved before they come here. */
export function slackApp(ctx: DoorContext, connectionOf: (body: object) => OpenConnection | undefined): App {
  const { sys, log } = ctx
  const env = channelEnv()
  const app = new App({
    receiver,
    convoStore: false,
    logLevel: LogLevel.ERROR,
    logger: logger(log),
    clientOptions: { slackApiUrl: env.slackApiUrl, retryConfig: { retries: 0 } },
    authorize: async (_source, body) => {
      const connection = body && connectionOf(body)
      if (!connection) throw new Error('A request without a connection.')
      return { botToken: connection.token, ...(connection.botUserId ? { botUserId: connection.botUserId } : {}) }
    },
  })
  const of = (context: { [key: string]: unknown }) => context.connection as OpenConnection

  app.event('app_mention', ({ event, context }) => hearSlack(sys, of(context), { ...event, mentioned: true }))
  app.event('message', ({ event, context }) => hearSlack(sys, of(context), { ...event, mentioned: false }))
  for (const kind of ['member_joined_channel', 'member_left_channel'] as const)
    app.event(kind, async ({ event, context }) => {
      const connection = of(context)
      if (event.user !== connection.botUserId) return
      const key = `channel-check:${connection.id}`
      await enqueue(sys.db, 'channel-check', { connectionId: connection.id }, { key })
    })
  app.event('app_uninstalled', ({ context }) => gone(ctx, of(context)))
  app.event('tokens_revoked', ({ context }) => gone(ctx, of(context)))
  app.action(/.*/, async ({ ack, body, action, context }) => {
    await ack()
    await onAction(sys, env, of(context), body, action)
  })
  app.view('plan.reject', async ({ ack, body, view, context }) => {
    const problem = await onRejection(sys, of(context), body.user.id, view)
    await (problem ? ack({ response_action: 'errors', errors: { reason: problem } }) : ack())
  })
  return app
}

const gone = ({ sys }: DoorContext, connection: OpenConnection): Promise<void> =>
  breakChannel(sys, {
    connectionId: connection.id,
    problem: 'The app was removed from the workspace. Install it again and paste its new token.',
  })

/** Bolt's words in our log. */
function logger(log: DoorContext['log']): Logger {
  const warn = (...said: unknown[]) => log.warn({ said: said.map(String) }, 'slack')
  return {
    debug: () => {},
    info: () => {},
    warn,
    error: warn,
    setLevel: () => {},
    getLevel: () => LogLevel.ERROR,
    setName: () => {},
  }
}
