import { listen } from '@clawbernetes/db/listen'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Wire } from './fake-provider'
import { KEY, type LlmWorld, llmWorld } from './llm-world'
import { inOrder } from './script'

const TRAIN = { tool: 'deploy_training', args: { model: 'llama-3-8b', dataset_path: '/data/training' } }

/** What SDKs would pick up by themselves and send to an address that an organisation chose. */
const FOREIGN = {
  ANTHROPIC_AUTH_TOKEN: 'token-of-the-environment',
  ANTHROPIC_API_KEY: 'key-of-the-environment',
  OPENAI_API_KEY: 'key-of-the-environment',
  OPENAI_ORG_ID: 'org-of-the-environment',
  OPENAI_PROJECT_ID: 'project-of-the-environment',
  OLLAMA_API_KEY: 'key-of-the-environment',
}

describe.each<Wire>(['openai', 'anthropic', 'ollama'])('the language-model planner over the %s API', (wire) => {
  let world: LlmWorld
  beforeAll(async () => {
    world = await llmWorld(wire)
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    world.threadId = null
    await world.setUp()
  })

  it('streams words into the message, each at its place', async () => {
    const heard: { text: string; at: number }[] = []
    const ears = listen(
      world.url,
      (bell) => (bell.topic === 'delta' ? heard.push(bell) : undefined),
      () => {},
    )
    await ears.ready
    const words = 'There are two nodes in this fleet, and both of them are online right now.'
    world.fake.play(inOrder({ words, gapMs: 15 }))
    const answer = await world.talk('say something')
    await ears.stop()
    expect(answer).toMatchObject({ text: words, state: 'complete' })
    expect(answer.planner).toContain('/fake-1')
    expect(heard.length).toBeGreaterThan(1)
    expect(heard.map((d) => d.text).join('')).toBe(words)
    expect(heard.map((d) => d.at)).toEqual(heard.map((_, i) => sum(heard, i)))
  })

  it('sends the key, the system prompt with all skills, and few tools', async () => {
    Object.assign(process.env, FOREIGN)
    world.fake.play(inOrder({ words: 'Yes.' }))
    await world.talk('hello')
    for (const name of Object.keys(FOREIGN)) delete process.env[name]
    const asked = world.fake.asked[0]
    expect(JSON.stringify(asked?.headers)).toContain(KEY)
    expect(JSON.stringify(asked?.headers)).not.toContain('of-the-environment')
    expect(asked?.system).toContain('- workload-manager:')
    expect(asked?.tools).toContain('propose_plan')
    expect(asked?.tools).not.toContain('list_gpus')
    expect(asked?.tools).not.toContain('stop_workload')
  })

  it('loads a skill, reads, and answers from data', async () => {
    world.fake.play(
      inOrder(
        { words: 'Let me look.', calls: [{ name: 'load_skill', args: { name: 'gpu-cluster' } }] },
        { words: '', calls: [{ name: 'list_nodes', args: {} }] },
        { words: 'Two nodes.' },
      ),
    )
    const answer = await world.talk('which machines do we have?')
    expect(answer.tools.map((t) => `${t.name} ${t.state}`)).toEqual(['load_skill done', 'list_nodes done'])
    expect(answer.text).toBe('Let me look.\n\nTwo nodes.')
    expect(answer.blocks.length).toBeGreaterThan(0)
    const [, afterSkill, afterRead] = world.fake.asked
    expect(afterSkill?.tools).toContain('list_nodes')
    const results = afterRead?.messages.filter((m) => m.role === 'tool').map((m) => m.text) ?? []
    expect(results).toHaveLength(2)
    expect(results[1]).toMatch(/^<<data \S+ from list_nodes>>\n2 nodes/)
    expect(results[1]).toContain('node-02')
  })

  it('carries out parallel calls, whatever ids they carry', async () => {
    world.fake.play(
      inOrder(
        {
          words: '',
          calls: [
            { name: 'list_nodes', args: {}, id: 'same' },
            { name: 'list_gpus', args: {}, id: 'same' },
            { name: 'list_plans', args: {}, id: 'same' },
          ],
        },
        { words: 'Done looking.' },
      ),
    )
    const answer = await world.talk('look at everything')
    expect(answer.tools.map((t) => t.name).sort()).toEqual(['list_gpus', 'list_nodes', 'list_plans'])
    expect(world.fake.asked[1]?.messages.filter((m) => m.role === 'tool')).toHaveLength(3)
    expect(answer.text).toBe('Done looking.')
  })

  it('proposes a plan that waits, and says so whatever the model claims', async () => {
    world.fake.play(
      inOrder(
        { words: '', calls: [{ name: 'propose_plan', args: { steps: [TRAIN] } }] },
        { words: 'I approved it and it is running now.' },
      ),
    )
    const answer = await world.talk('fine-tune llama 3 8b on /data/training')
    const plan = await world.db.plan.findFirstOrThrow({ where: { runId: answer.runId } })
    expect(plan).toMatchObject({ state: 'proposed', intent: 'deploy_training', proposerKind: 'agent' })
    expect(answer.blocks).toContainEqual({ type: 'plan', planId: plan.id })
    expect(answer.text).toContain(`PL-${plan.number} waits for your decision; nothing has been changed.`)
    expect(await world.db.approval.count({ where: { planId: plan.id } })).toBe(0)
  })

  it('answers unknown tools and wrong arguments with an error the model can read', async () => {
    world.fake.play(
      inOrder(
        { words: '', calls: [{ name: 'delete_everything', args: { now: true } }] },
        { words: '', calls: [{ name: 'list_gpus', args: { node: 'NOT A NODE NAME' } }] },
        { words: 'That did not work.' },
      ),
    )
    const answer = await world.talk('do something odd')
    expect(answer.tools.map((t) => t.state)).toEqual(['failed', 'failed'])
    expect(lastResult(world)).toContain("I can't use node")
    expect(answer.text).toBe('That did not work.')
  })

  it('counts calls and tokens of the day', async () => {
    const before = await tokens(world)
    world.fake.play(inOrder({ words: 'Fine.', usage: { input: 300, output: 7 } }))
    await world.talk('hello again')
    expect((await tokens(world)) - before).toBe(307)
  })

  it('goes on after 429 and honours retry-after', async () => {
    world.fake.play(inOrder({ status: 429, headers: { 'retry-after': '0.05' } }, { words: 'Back again.' }))
    const began = performance.now()
    expect(await world.talk('hello')).toMatchObject({ text: 'Back again.' })
    expect(performance.now() - began).toBeGreaterThan(45)
    expect(world.fake.asked).toHaveLength(2)
  })

  it('falls back to the embedded planner when the provider only fails, and says so', async () => {
    world.fake.play(inOrder({ status: 500 }))
    const answer = await world.talk('what GPUs do we have?')
    expect(world.fake.asked).toHaveLength(3)
    expect(answer.planner).toBe('embedded')
    expect(answer.text).toMatch(
      /^The language model did not answer \(500\); answered by the embedded planner\.\n\n.*12 GPUs/s,
    )
  })

  it('tells an administrator that the key is wrong, and does not try it again', async () => {
    world.fake.play(inOrder({ status: 401, body: `{"error":{"message":"Incorrect API key provided: ${KEY}"}}` }))
    const answer = await world.talk('what GPUs do we have?')
    expect(world.fake.asked).toHaveLength(1)
    expect(answer.text).toContain('401: it refused the key')
    expect(answer.text).toContain('An administrator has to enter a valid API key in Settings, Planner.')
    expect(answer.text).not.toContain(KEY)
    expect(answer.text).toContain('12 GPUs')
  })

  it('falls back when the provider stays silent', async () => {
    world.fake.play(inOrder({ silent: true }))
    const answer = await world.talk('what GPUs do we have?', {
      times: { silenceMs: 60, callMs: 1000, attempts: 2, backoffMs: 1, longestPauseMs: 50, stopPollMs: 20 },
    })
    expect(answer.text).toContain('no answer within 1 s')
    expect(answer.planner).toBe('embedded')
  })

  it('does not take a broken-off answer for a whole one', async () => {
    world.fake.play(inOrder({ words: 'The fleet has no prob', breakOff: true }, { words: 'Two nodes are online.' }))
    expect((await world.talk('how is it?')).text).toBe('Two nodes are online.')
  })

  it('replaces an empty answer by the embedded planner', async () => {
    world.fake.play(inOrder({ words: '' }))
    const answer = await world.talk('what GPUs do we have?')
    expect(answer.text).toContain('an empty answer')
    expect(answer.text).toContain('12 GPUs')
  })
})

const sum = (parts: { text: string }[], until: number): number =>
  parts.slice(0, until).reduce((n, p) => n + p.text.length, 0)
const lastResult = (world: LlmWorld): string =>
  world.fake.asked
    .at(-1)
    ?.messages.filter((m) => m.role === 'tool')
    .at(-1)?.text ?? ''

async function tokens(world: LlmWorld): Promise<number> {
  const rows = await world.db.plannerUsage.findMany({ where: { orgId: world.orgId } })
  return rows.reduce((n, r) => n + Number(r.inputTokens + r.outputTokens), 0)
}
