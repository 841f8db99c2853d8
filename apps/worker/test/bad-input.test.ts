import { createJoinToken } from '@clawbernetes/services/fleet/create-join-token'
import { readThread } from '@clawbernetes/services/chat/read-thread'
import { renameThread } from '@clawbernetes/services/chat/rename-thread'
import { sendMessage } from '@clawbernetes/services/chat/send-message'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AgentWorld, agentWorld, joinTrainingNodes } from './agent-world'

let world: AgentWorld
beforeEach(async () => {
  world = await agentWorld()
})
afterEach(() => world.close())

const ana = () => ({ ...world.ctx(), actor: { ...world.ctx().actor, userId: 'usr_ana', userName: 'ana' } })
const send = (text: string, threadId: string | null = null, clientKey = 'key-12345678') =>
  sendMessage({ ctx: ana(), input: { text, threadId, clientKey } })

describe('bad input in the chat', () => {
  it.each([
    ['a message of 10 MB', 'x'.repeat(10 * 1024 * 1024), 'At most 20,000 characters'],
    ['nothing', '   ', 'Write something first'],
    ['control characters', 'stop\u0000 it', 'Control characters'],
    ['text that runs backwards', 'stop \u202etrain-a', 'Control characters'],
  ])('refuses %s and stores nothing', async (_, text, words) => {
    await expect(send(text)).rejects.toThrow(words)
    expect(await world.db.thread.count()).toBe(0)
    expect(await world.db.agentRun.count()).toBe(0)
  })

  it('keeps one message of two equal sends, and gives both the same answer', async () => {
    const [first, second] = await Promise.all(
      [send('hello there'), send('hello there')].map((p) => p.catch(() => null)),
    )
    const again = await send('hello there', first?.threadId ?? second?.threadId ?? null)
    expect(await world.db.message.count({ where: { threadId: again.threadId } })).toBe(1)
  })

  it('answers a stranger as if the thread did not exist', async () => {
    const { threadId } = await send('hello there')
    await expect(
      sendMessage({ ctx: world.stranger, input: { text: 'hi', threadId, clientKey: 'key-87654321' } }),
    ).rejects.toMatchObject({ code: 'not-found' })
    await expect(readThread({ ctx: world.stranger, input: { threadId } })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('refuses names with invisible characters', async () => {
    const { threadId } = await send('hello there')
    await expect(renameThread({ ctx: ana(), input: { threadId, title: 'fine\u200btune' } })).rejects.toThrow(
      'Control characters',
    )
    await expect(createJoinToken({ ctx: ana(), input: { label: 'rack\u001b[31m' } })).rejects.toThrow(
      'Control characters',
    )
  })

  it('proposes nothing for data outside the nodes’ data roots', async () => {
    await joinTrainingNodes(world)
    const answer = await world.say('fine-tune llama 3 8b on /srv/elsewhere')
    expect(answer.text).toContain('outside its data roots')
    expect(await world.db.plan.count()).toBe(0)
  })
})
