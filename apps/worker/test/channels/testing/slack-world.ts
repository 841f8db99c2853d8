import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Role } from '@clawbernetes/protocol/roles'
import { connectChannel } from '@clawbernetes/services/channels/connect-channel'
import { updateChannel, type updateChannelInput } from '@clawbernetes/services/channels/update-channel'
import type { Ctx } from '@clawbernetes/services/context'
import type * as z from 'zod'
import { doorRoutes, enterDoor } from '../../../src/doors/door-routes'
import { type AgentWorld, agentWorld, joinTrainingNodes } from '../../agent-world'
import { until } from '../../until'
import { buttonsOf, FakeSlack, type SlackPost } from './fake-slack'
import { startWorker } from './worker-rig'

export const SECRET = '0123456789abcdef0123456789abcdef'
export const OPS = 'C0OPS'

/** An organisation with nodes, a worker, and a Slack workspace on the other side of real HTTP. */
export interface SlackWorld extends AgentWorld {
  slack: FakeSlack
  connectionId: string
  nodes: { node01: string; node02: string }
  warnings: string[]
  /** Ends the worker and starts another one. */
  restartWorker(): Promise<void>
  stopWorker(): Promise<void>
  /** A member who is linked to a Slack account. */
  linked(role: Role, name: string, slackId: string): Promise<Ctx>
  settings(over: Partial<z.input<typeof updateChannelInput>>): Promise<void>
  /** Sends a signed request as Slack does. */
  send(body: object | string, over?: SignOver): Promise<Response>
  mention(user: string, text: string, over?: { threadTs?: string; ts?: string; channel?: string }): Promise<string>
  press(user: string, post: SlackPost, label: string, over?: object): Promise<Response>
  /** Waits for a post that everybody sees. */
  posted(what: string, is: (post: SlackPost) => boolean): Promise<SlackPost>
}

export interface SignOver {
  secret?: string
  atS?: number
  headers?: Record<string, string>
  form?: boolean
}

const log = (warnings: string[]) => ({
  info: () => {},
  warn: (data: Record<string, unknown>, message: string) => void warnings.push(`${message} ${JSON.stringify(data)}`),
})

export async function slackWorld(): Promise<SlackWorld> {
  process.env.BETTER_AUTH_SECRET = 'a secret for tests that is long enough'
  process.env.PUBLIC_URL = 'https://claw.example.test'
  const slack = await FakeSlack.start()
  process.env.SLACK_API_URL = slack.url
  const base = await agentWorld()
  const nodes = await joinTrainingNodes(base)
  const warnings: string[] = []
  const doors = doorRoutes({ sys: base.sys, databaseUrl: base.url, log: log(warnings) })
  const http = createServer((request, response) => {
    if (!enterDoor(doors, log(warnings), request, response)) response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const door = `http://127.0.0.1:${(http.address() as AddressInfo).port}/api/slack/events`
  let worker = await startWorker(base.url, base.sys.now)
  const owner = base.ctx('owner')
  const { connectionId } = await connectChannel({
    ctx: owner,
    input: { kind: 'slack', botToken: 'xoxb-test-token-1', signingSecret: SECRET },
  })
  await until('the connection is active', async () => {
    const row = await base.db.channelConnection.findUnique({ where: { id: connectionId } })
    return row?.state === 'active'
  })

  const send: SlackWorld['send'] = (body, over = {}) => {
    const form = over.form ?? false
    const json = typeof body === 'string' ? body : JSON.stringify(body)
    const raw = form ? new URLSearchParams({ payload: json }).toString() : json
    const timestamp = String(over.atS ?? Math.floor(base.sys.now().getTime() / 1000))
    const signature = createHmac('sha256', over.secret ?? SECRET)
      .update(`v0:${timestamp}:${raw}`)
      .digest('hex')
    return fetch(door, {
      method: 'POST',
      body: raw,
      headers: {
        'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${signature}`,
        ...over.headers,
      },
    })
  }

  const mention: SlackWorld['mention'] = async (user, text, over = {}) => {
    const ts = over.ts ?? slack.nextTs()
    const channel = over.channel ?? OPS
    const direct = channel.startsWith('D')
    const answered = await send(
      eventOf({
        type: direct ? 'message' : 'app_mention',
        ...(direct ? { channel_type: 'im' } : {}),
        user,
        text: direct ? text : `<@U0BOT> ${text}`,
        ts,
        channel,
        ...(over.threadTs ? { thread_ts: over.threadTs } : {}),
      }),
    )
    if (!answered.ok) throw new Error(`Slack was refused: ${answered.status} ${await answered.text()}`)
    return ts
  }

  const world: SlackWorld = {
    ...base,
    slack,
    connectionId,
    nodes,
    warnings,
    stopWorker: () => worker.stop(),
    restartWorker: async () => {
      worker = await startWorker(base.url, base.sys.now)
    },
    linked: async (role, name, slackId) => {
      const ctx = await base.member(role, name)
      await base.db.channelIdentity.create({
        data: {
          connectionId,
          externalId: slackId,
          orgId: base.orgId,
          externalName: name,
          userId: ctx.actor.userId ?? '',
        },
      })
      return ctx
    },
    settings: async (over) => {
      const room = { answers: true, planWaiting: false, planFinished: false, findings: false, emergency: false }
      await updateChannel({
        ctx: owner,
        input: { connectionId, approveRole: 'operator', rooms: [{ id: OPS, ...room }], ...over },
      })
    },
    send,
    mention,
    press: (user, post, label, over = {}) => {
      const button = buttonsOf(post).find((b) => b.text.text === label)
      if (!button) throw new Error(`there is no button ${label} on ${JSON.stringify(post.blocks)}`)
      return send(
        {
          type: 'block_actions',
          team: { id: 'T0ACME' },
          user: { id: user, username: user, team_id: 'T0ACME' },
          api_app_id: 'A0APP',
          trigger_id: `trigger-${user}-${post.ts}`,
          container: {
            type: 'message',
            message_ts: post.ts,
            channel_id: post.channel,
            ...(post.threadTs ? { thread_ts: post.threadTs } : {}),
          },
          channel: { id: post.channel },
          actions: [
            {
              type: 'button',
              action_id: button.action_id,
              block_id: button.block_id,
              value: button.value,
              action_ts: post.ts,
            },
          ],
          ...over,
        },
        { form: true },
      )
    },
    posted: async (what, is) => {
      await until(
        `Slack shows ${what}`,
        async () => slack.posts.some((p) => p.user === null && is(p)),
        30_000,
        () => `${JSON.stringify(slack.posts, null, 1).slice(-6000)}\n${warnings.join('\n')}`,
      )
      const found = slack.posts.find((p) => p.user === null && is(p))
      if (!found) throw new Error(what)
      return found
    },
    close: async () => {
      await worker.stop()
      http.closeAllConnections()
      await new Promise<void>((resolve) => http.close(() => resolve()))
      await slack.close()
      await base.close()
    },
  }
  return world
}

let events = 0
export const eventOf = (event: object): object => ({
  type: 'event_callback',
  team_id: 'T0ACME',
  api_app_id: 'A0APP',
  event_id: `Ev${++events}`,
  event_time: Math.floor(Date.now() / 1000),
  authorizations: [{ team_id: 'T0ACME', user_id: 'U0BOT', is_bot: true }],
  event,
})
