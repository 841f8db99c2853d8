import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ctx } from '../context'
import { type FleetWorld, fleetWorld } from '../fleet/testing/fleet-world'
import { archiveThread } from './archive-thread'
import { listThreads } from './list-threads'
import { markThreadRead } from './mark-thread-read'
import { postNote } from './post-note'
import { readThread } from './read-thread'
import { readThreadNews } from './read-thread-news'
import { renameThread } from './rename-thread'
import { sendMessage } from './send-message'

let world: FleetWorld
beforeAll(async () => {
  world = await fleetWorld()
})
afterAll(() => world.close())

let keys = 0
const say = (ctx: Ctx, text: string, threadId: string | null = null) =>
  sendMessage({ ctx, input: { text, threadId, clientKey: `key-${++keys}-12345678` } })
const titles = async (ctx: Ctx, input: Parameters<typeof listThreads>[0]['input']) =>
  (await listThreads({ ctx, input })).map((t) => t.title)

describe('conversations', () => {
  it('are called after their first request, and by the name a person gives', async () => {
    const ctx = world.ctx()
    const { threadId } = await say(ctx, 'Please show me the hottest GPUs. It is urgent.')
    expect((await readThread({ ctx, input: { threadId } })).thread.title).toBe('The hottest GPUs')
    await renameThread({ ctx, input: { threadId, title: 'Hot GPUs' } })
    await say(ctx, 'and the coldest?', threadId)
    expect((await readThread({ ctx, input: { threadId } })).thread.title).toBe('Hot GPUs')
  })

  it('are found by words in their messages, with the words around them, and only by their own people', async () => {
    const ctx = world.ctx()
    const { threadId } = await say(ctx, 'What about the weather? The flux-capacitor_7 looks 100% fine to me.')
    const [found] = await listThreads({ ctx, input: { search: 'CAPACITOR_7' } })
    expect(found?.id).toBe(threadId)
    expect(found?.excerpt).toContain('flux-capacitor_7')
    expect(await titles(ctx, { search: '100%' })).toHaveLength(1)
    // A pattern's own signs are letters.
    expect(await titles(ctx, { search: 'flux%fine' })).toEqual([])
    expect(await titles(world.stranger, { search: 'capacitor' })).toEqual([])
  })

  it('search uses the index of letters when there are many', async () => {
    const plan = await world.db.$transaction(async (tx) => {
      await tx.$executeRaw`set local enable_seqscan = off`
      return tx.$queryRaw<{ 'QUERY PLAN': string }[]>`explain select 1 from message where text ilike '%capacitor%'`
    })
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('message_text_trgm')
  })

  it('put away leave the list and come back when somebody talks in them', async () => {
    const ctx = world.ctx()
    const { threadId } = await say(ctx, 'archive me')
    await archiveThread({ ctx, input: { threadId, archived: true } })
    expect(await titles(ctx, { search: 'archive me' })).toEqual([])
    expect(await titles(ctx, { search: 'archive me', archived: true })).toEqual(['Archive me'])
    await say(ctx, 'hello again', threadId)
    expect(await titles(ctx, { search: 'archive me' })).toEqual(['Archive me'])
  })

  it('are unread when an answer came after the last look', async () => {
    const ctx = world.ctx()
    const { threadId } = await say(ctx, 'unread mark')
    const unread = async () => (await listThreads({ ctx, input: { search: 'unread mark' } }))[0]?.unread
    expect(await unread()).toBe(false)
    await postNote(world.sys, { orgId: world.orgId, threadId, text: 'Here it is.', blocks: [] })
    expect(await unread()).toBe(true)
    await markThreadRead({ ctx, input: { threadId, seq: 2 } })
    expect(await unread()).toBe(false)
    // An older look never takes a newer one back.
    await markThreadRead({ ctx, input: { threadId, seq: 1 } })
    expect(await unread()).toBe(false)
  })

  it('answer strangers as if they did not exist, whatever is asked of them', async () => {
    const ctx = world.ctx()
    const { threadId, messageId } = await say(ctx, 'our own')
    const { stranger } = world
    await expect(archiveThread({ ctx: stranger, input: { threadId, archived: true } })).rejects.toMatchObject({
      code: 'not-found',
    })
    await expect(readThread({ ctx: stranger, input: { threadId } })).rejects.toThrow('There is no such conversation')
    await markThreadRead({ ctx: stranger, input: { threadId, seq: 9 } })
    expect(await world.db.threadRead.count({ where: { threadId, userId: stranger.actor.userId ?? '' } })).toBe(0)
    const event = { kind: 'thread.message', entityId: messageId }
    expect((await readThreadNews({ ctx: stranger, input: { events: [event] } })).size).toBe(0)
    expect((await readThreadNews({ ctx, input: { events: [event] } })).get(messageId)?.message?.text).toBe('our own')
  })
})
