import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Role } from '@clawbernetes/protocol/roles'
import { connectChannel } from '@clawbernetes/services/channels/connect-channel'
import { acceptLink } from '@clawbernetes/services/channels/link-account'
import { listChannels } from '@clawbernetes/services/channels/list-channels'
import { decide } from '@clawbernetes/services/approvals/decide'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { doorRoutes, enterDoor } from '../../src/doors/door-routes'
import { type AgentWorld, agentWorld, joinTrainingNodes } from '../agent-world'
import { until } from '../until'
import { type DiscordPost, discordButtons, FakeDiscord, textOfDiscord } from './testing/fake-discord'
import { startWorker } from './testing/worker-rig'

const GUILD = '555555555555555555'
const TOKEN = 'bot-token-bot-token-bot.abcdef.secret-secret-secret-secret'
const FIRST = 'I need to fine-tune Llama 3 8B on my custom dataset. I have it in /data/training.'

let world: AgentWorld
let discord: FakeDiscord
let http: Server
let worker: { stop(): Promise<void> }
let key: KeyObject
let connectionId: string
const silent = { info: () => {}, warn: () => {} }

// Real servers and a worker of its own for each test: slow only where the machine is.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
beforeEach(async () => {
  process.env.BETTER_AUTH_SECRET = 'a secret for tests that is long enough'
  process.env.PUBLIC_URL = 'https://claw.example.test'
  const pair = generateKeyPairSync('ed25519')
  key = pair.privateKey
  const raw = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  discord = await FakeDiscord.start(raw.toString('hex'))
  process.env.DISCORD_API_URL = discord.url
  world = await agentWorld()
  await joinTrainingNodes(world)
  const doors = doorRoutes({ sys: world.sys, databaseUrl: world.url, log: silent })
  http = createServer((request, response) => {
    if (!enterDoor(doors, silent, request, response)) response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  worker = await startWorker(world.url)
  const input = { kind: 'discord' as const, botToken: TOKEN, guildId: GUILD }
  connectionId = (await connectChannel({ ctx: world.ctx(), input })).connectionId
  await until('the connection is active', async () => (await listChannels({ ctx: world.ctx() }))[0]?.state === 'active')
})
afterEach(async () => {
  await worker.stop()
  http.closeAllConnections()
  http.close()
  await discord.close()
  await world.close()
})

async function send(body: object, over: { key?: KeyObject; atS?: number; lateMs?: number } = {}) {
  const text = JSON.stringify(body)
  const timestamp = String(over.atS ?? Math.floor(Date.now() / 1000))
  const signature = sign(null, Buffer.from(timestamp + text), over.key ?? key).toString('hex')
  const response = await fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}/api/discord/interactions`, {
    method: 'POST',
    body: text,
    headers: {
      'content-type': 'application/json',
      'x-signature-ed25519': signature,
      'x-signature-timestamp': timestamp,
    },
  })
  const answer = response.status === 200 ? ((await response.json()) as Answer) : null
  // Discord shows "thinking" once it has our answer; only then can it be filled in.
  const { token } = body as { token?: string }
  if (answer?.type === 5 && token && !discord.deferred.has(token))
    discord.deferred.set(token, { channel: '666', postId: null })
  return { status: response.status, answer }
}
interface Answer {
  type: number
  data?: { flags?: number; custom_id?: string; embeds: DiscordPost['embeds']; components: DiscordPost['components'] }
}

let count = 0
const base = (user: string) => ({
  id: String(100_000 + ++count),
  application_id: '777',
  token: `reply-token-${count}`,
  guild_id: GUILD,
  channel_id: '666',
  channel: { type: 0 },
  member: { user: { id: user, username: `user${user}`, global_name: `User ${user}` } },
})
const ask = (user: string, text: string, name = 'ask') =>
  send({
    ...base(user),
    type: 2,
    data: { name: 'claw', options: [{ name, options: [{ name: 'text', value: text }] }] },
  })
const press = (user: string, post: DiscordPost, label: string) => {
  const button = discordButtons(post).find((b) => b.label === label)
  if (!button) throw new Error(`no button ${label}`)
  return send({ ...base(user), type: 3, message: { id: post.id, flags: 0 }, data: { custom_id: button.custom_id } })
}
async function linked(role: Role, name: string, externalId: string) {
  const ctx = await world.member(role, name)
  const userId = ctx.actor.userId ?? ''
  await world.db.channelIdentity.create({
    data: { connectionId, externalId, orgId: world.orgId, externalName: name, userId },
  })
  return ctx
}
async function posted(what: string, is: (post: DiscordPost) => boolean): Promise<DiscordPost> {
  await until(
    `Discord shows ${what}`,
    async () => discord.posts.some(is),
    30_000,
    () => JSON.stringify(discord.posts, null, 1).slice(-4000),
  )
  return discord.posts.find(is) as DiscordPost
}
const said = (answer: Answer | null) => (answer?.data ? textOfDiscord(answer.data) : '')

describe('Discord', () => {
  it('answers a ping that is signed, and refuses what is old or forged', async () => {
    const ping = { id: '1', application_id: '777', type: 1 }
    expect(await send(ping)).toEqual({ status: 200, answer: { type: 1 } })
    const nowS = Math.floor(Date.now() / 1000)
    const other = generateKeyPairSync('ed25519').privateKey
    const refused = [
      await send(ping, { key: other }),
      await send(ping, { atS: nowS - 400 }),
      await send(ping, { atS: nowS + 400 }),
      await send({ ...ping, application_id: '999' }),
    ]
    expect(refused.map((r) => r.status)).toEqual([401, 401, 401, 401])
    expect(JSON.stringify(discord.commands)).toContain('"claw"')
  })

  it('defers a question and fills the answer in, where it was asked', async () => {
    await linked('operator', 'ana2', '42')
    expect((await ask('42', 'what GPUs do we have?')).answer).toEqual({ type: 5 })
    const answer = await posted('the answer', (p) => textOfDiscord(p).includes('12 GPUs'))
    expect(answer.allowed_mentions).toEqual({ parse: [] })
    expect(discord.calls.some((c) => c.method === 'POST' && c.path.includes('/messages'))).toBe(false)
    await ask('42', 'list the nodes')
    await posted('the second', (p) => textOfDiscord(p).includes('2 nodes'))
    expect(await world.db.thread.count()).toBe(1)
    await ask('42', 'what is running?', 'new')
    await posted('the third', (p) => textOfDiscord(p).includes('Nothing runs'))
    expect(await world.db.thread.count()).toBe(2)
    expect(await world.db.message.count({ where: { role: 'user', channel: 'discord' } })).toBe(3)
  })

  it('approves medium risk after asking once more, and shows it on the card', async () => {
    await linked('operator', 'ana2', '42')
    await ask('42', FIRST)
    const card = await posted('the card', (p) => discordButtons(p).some((b) => b.label === 'Approve'))
    for (const words of ['4 × A100', 'Risk', 'Affects', 'Cost', 'Undo', 'Expires'])
      expect(textOfDiscord(card)).toContain(words)
    const { answer } = await press('42', card, 'Approve')
    expect(answer?.data?.flags).toBe(64)
    expect(await world.db.approval.count()).toBe(0)
    const really = discordButtons({ components: answer?.data?.components ?? [] })[0]
    const done = await send({
      ...base('42'),
      type: 3,
      message: { id: '4711', flags: 64 },
      data: { custom_id: really?.custom_id },
    })
    expect(said(done.answer)).toContain('is approved and starts now')
    await posted('the receipt', (p) => p.id === card.id && textOfDiscord(p).includes('Approved by ana2 via Discord'))
    expect(await world.db.approval.findFirst()).toMatchObject({ via: 'discord', decision: 'approve' })
  })

  it('takes a reason with a rejection, and tells the second who was first', async () => {
    const ana = await linked('operator', 'ana2', '42')
    await linked('operator', 'ben', '43')
    await ask('42', FIRST)
    const card = await posted('the card', (p) => discordButtons(p).some((b) => b.label === 'Reject'))
    const { answer } = await press('42', card, 'Reject')
    expect(answer).toMatchObject({ type: 9, data: { title: 'Reject PL-101' } })
    const modal = {
      type: 5,
      message: { id: card.id, flags: 0 },
      data: {
        custom_id: answer?.data?.custom_id,
        components: [{ components: [{ custom_id: 'reason', value: 'use node-02' }] }],
      },
    }
    expect(said((await send({ ...base('42'), ...modal })).answer)).toContain('is rejected')
    expect(await world.db.plan.findFirst()).toMatchObject({ state: 'rejected', stateReason: 'use node-02' })
    const late = await press('43', card, 'Approve')
    expect(said(late.answer)).toMatch(/ana2 decided at \d\d\\?:\d\d\\?:\d\d UTC/)
    const { digest, id } = await readPlan({ ctx: ana, input: { planId: 'PL-101' } })
    await expect(decide({ ctx: ana, input: { planId: id, revision: 1, digest, decision: 'approve' } })).rejects.toThrow(
      'rejected',
    )
  })

  it('counts a delivery once', async () => {
    await linked('operator', 'ana2', '42')
    const body = {
      ...base('42'),
      type: 2,
      data: { name: 'claw', options: [{ name: 'ask', options: [{ name: 'text', value: 'list the nodes' }] }] },
    }
    await Promise.all([send(body), send(body)])
    await posted('the answer', (p) => textOfDiscord(p).includes('2 nodes'))
    expect(await world.db.message.count({ where: { role: 'user' } })).toBe(1)
  })

  it('lets somebody it does not know do nothing but link, and refuses a viewer', async () => {
    const { answer } = await ask('44', 'list the nodes')
    expect(answer?.data?.flags).toBe(64)
    const url = discordButtons({ components: answer?.data?.components ?? [] })[0]?.url ?? ''
    expect(await world.db.message.count()).toBe(0)
    const vic = await world.member('viewer', 'vic')
    await acceptLink({ ctx: vic, input: { code: url.split('/link/')[1] ?? '' } })
    await linked('operator', 'ana2', '42')
    await ask('42', FIRST)
    const card = await posted('the card', (p) => discordButtons(p).some((b) => b.label === 'Approve'))
    expect(said((await press('44', card, 'Approve')).answer)).toContain('needs the role operator')
    const elsewhere = await send({
      ...base('42'),
      guild_id: '1',
      type: 3,
      message: { id: card.id, flags: 0 },
      data: { custom_id: discordButtons(card)[0]?.custom_id },
    })
    expect(said(elsewhere.answer)).toContain('not connected')
    expect(await world.db.approval.count()).toBe(0)
  })

  it('waits when Discord asks for it, and says in the settings when the token was reset', async () => {
    await linked('operator', 'ana2', '42')
    discord.faults.put('PATCH', { kind: 'rate', retryAfterS: 1.5 })
    await ask('42', 'list the nodes')
    await posted('the answer', (p) => textOfDiscord(p).includes('2 nodes'))
    const [first, second] = discord.calls.filter((c) => c.method === 'PATCH' && c.path.includes('@original'))
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(1450)
    discord.tokens.clear()
    await ask('42', FIRST)
    await until(
      'it shows as broken',
      async () => (await listChannels({ ctx: world.ctx() }))[0]?.problem?.includes('bot token') ?? false,
    )
  })

  it('keeps mark-up in names and sentences as letters', async () => {
    await linked('operator', '@everyone **boss** <@&1>', '42')
    await world.db.node.updateMany({
      where: { name: 'node-02' },
      data: { name: '@here <#1> [x](https://evil.example)' },
    })
    await ask('42', 'list the nodes')
    await posted('the answer', (p) => textOfDiscord(p).includes('2 nodes'))
    await ask('42', FIRST)
    const card = await posted('the card', (p) => discordButtons(p).some((b) => b.label === 'Approve'))
    const { answer } = await press('42', card, 'Approve')
    const really = discordButtons({ components: answer?.data?.components ?? [] })[0]
    await send({ ...base('42'), type: 3, message: { id: '1', flags: 64 }, data: { custom_id: really?.custom_id } })
    await posted('the receipt', (p) => textOfDiscord(p).includes('Approved by'))
    for (const post of discord.posts) {
      const outside = textOfDiscord(post).replace(/```[\s\S]*?```/g, '')
      expect(outside).not.toMatch(/(?<!\\)@(everyone|here)|(?<!\\)\*\*boss|(?<!\\)<@|(?<!\\)\]\(https:\/\/evil/)
      expect(post.allowed_mentions).toEqual({ parse: [] })
    }
  })
})
