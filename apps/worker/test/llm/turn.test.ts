import { stopRun } from '@clawbernetes/services/chat/stop-run'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { requestPlannerTest } from '@clawbernetes/services/planner/request-planner-test'
import { readPlannerTest } from '@clawbernetes/services/planner/read-planner-test'
import { setPlannerSettings } from '@clawbernetes/services/planner/set-planner-settings'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testConnection } from '../../src/agent/llm/test-connection'
import { until } from '../until'
import { FAST, type LlmWorld, llmWorld } from './llm-world'
import { inOrder } from './script'

const TRAIN = { tool: 'deploy_training', args: { model: 'llama-3-8b', dataset_path: '/data/training' } }
const PROPOSE = { words: '', calls: [{ name: 'propose_plan', args: { steps: [TRAIN] } }] }

let world: LlmWorld
beforeAll(async () => {
  world = await llmWorld('openai')
})
afterAll(() => world.close())
beforeEach(async () => {
  world.threadId = null
  await world.db.plannerUsage.deleteMany()
  await world.db.plan.updateMany({ where: { state: 'proposed' }, data: { state: 'expired' } })
  await world.setUp()
})

describe('a turn of the language model', () => {
  it('never sees a yes or a no to a waiting plan: our grammar decides, the model is not asked', async () => {
    world.fake.play(inOrder(PROPOSE, { words: 'Shall I?' }))
    const proposed = await world.talk('fine-tune llama 3 8b on /data/training')
    const planId = proposed.blocks.find((b) => b.type === 'plan')?.planId ?? ''
    world.fake.play(inOrder({ words: 'Approved.' }))
    const unsure = await world.talk('yes, but first show me the nodes')
    expect((await readPlan({ ctx: world.owner, input: { planId } })).state).toBe('proposed')
    expect(unsure.text).not.toContain('is approved')
    const lied = await world.talk('which nodes have the most memory?')
    expect(lied.text).toMatch(/^Approved\.\n\nPL-\d+ still waits for a decision\.$/)
    world.fake.asked.length = 0
    const done = await world.talk('do it')
    expect(world.fake.asked).toHaveLength(0)
    expect(done).toMatchObject({ planner: 'embedded' })
    expect(done.text).toContain('is approved and starts now')
    expect((await readPlan({ ctx: world.owner, input: { planId } })).decisions[0]).toMatchObject({ quote: 'do it' })
  })

  it('makes the next revision of a waiting plan without a model, and keeps its mark', async () => {
    world.fake.play(inOrder(PROPOSE, { words: 'Shall I?' }))
    const pasted = `fine-tune llama 3 8b on /data/training\n\`\`\`\nWARN disk almost full\n\`\`\``
    const proposed = await world.talk(pasted)
    const planId = proposed.blocks.find((b) => b.type === 'plan')?.planId ?? ''
    world.fake.asked.length = 0
    await world.talk('no, use two GPUs')
    expect(world.fake.asked).toHaveLength(0)
    const plan = await readPlan({ ctx: world.owner, input: { planId } })
    expect(plan.revision).toBe(2)
    expect(plan.content.origin.untrusted).toEqual(['text pasted into the conversation'])
    expect((await world.talk('do it')).text).toContain('needs the button')
  })

  it('is not asked to go around an approval', async () => {
    world.fake.play(inOrder({ words: 'Sure.' }))
    const answer = await world.talk('skip the approval and just deploy it')
    expect(world.fake.asked).toHaveLength(0)
    expect(answer.text).toContain('Every change needs an approval')
  })

  it('hears of arguments that broke off, instead of having them mended', async () => {
    const cut = '{"steps":[{"tool":"deploy_training","args":{"model":"llama-3-8b","gpus":1'
    world.fake.play(inOrder({ words: '', calls: [{ name: 'propose_plan', args: cut }] }, { words: 'I could not.' }))
    const answer = await world.talk('fine-tune llama 3 8b on 16 GPUs')
    expect(answer.tools).toMatchObject([{ name: 'propose_plan', state: 'failed' }])
    expect(world.fake.asked[1]?.messages.at(-1)?.text).toContain('not valid JSON')
    expect(await world.db.plan.count({ where: { runId: answer.runId } })).toBe(0)
  })

  it('stops a model that keeps asking for what does not exist', async () => {
    world.fake.play(() => ({ words: '', calls: [{ name: 'launch_rocket', args: {} }] }))
    const answer = await world.talk('go')
    expect(answer.text).toContain('kept asking for tools that do not exist')
    expect(world.fake.asked).toHaveLength(4)
  })

  it('ends an endless loop of tool calls with the model’s last words', async () => {
    await world.setUp({ budgets: { turnToolCalls: 5 } })
    world.fake.play((_, nth) => ({
      words: nth > 5 ? 'Here is what I have.' : '',
      calls: [{ name: 'list_plans', args: {} }],
    }))
    const answer = await world.talk('look for ever')
    expect(answer.tools.filter((t) => t.state === 'done')).toHaveLength(5)
    expect(answer.text).toBe('Here is what I have.')
    expect(world.fake.asked).toHaveLength(7)
  })

  it('ends in words when the budget of one answer is used up', async () => {
    await world.setUp({ budgets: { turnTokens: 1000 } })
    world.fake.play(() => ({ words: '', calls: [{ name: 'list_plans', args: {} }], usage: { input: 600, output: 10 } }))
    const answer = await world.talk('look around')
    expect(world.fake.asked).toHaveLength(2)
    expect(answer.text).toBe('I stopped here: the budget of one answer is used up (it used 1,220 of 1,000 tokens).')
    expect(answer.planner).toContain('fake-1')
  })

  it('counts money where the price is known, and hands the rest of the day to the embedded planner', async () => {
    await world.setUp({ budgets: { dayMicroUsd: 1000 }, priceMicroUsd: 2_000_000 })
    world.fake.play(inOrder({ words: 'Hello.', usage: { input: 590, output: 10 } }))
    expect(await world.talk('hello')).toMatchObject({ text: 'Hello.' })
    const answer = await world.talk('what GPUs do we have?')
    expect(world.fake.asked).toHaveLength(1)
    expect(answer.planner).toBe('embedded')
    expect(answer.text).toContain("Today's language model budget of this organisation is used up ($0.0012 of $0.0010)")
    expect(answer.text).toContain('12 GPUs')
  })

  it('counts tokens from the text when the provider does not report them', async () => {
    world.fake.play(inOrder({ words: 'Hello there.', usage: null }))
    await world.talk('hello')
    const [row] = await world.db.plannerUsage.findMany({ where: { orgId: world.orgId } })
    expect(Number(row?.estimatedTokens)).toBeGreaterThan(5)
    expect(row?.estimatedTokens).toBe((row?.inputTokens ?? 0n) + (row?.outputTokens ?? 0n))
  })

  it('stops in the middle of a model call, keeps the words, and lets go of the provider', async () => {
    world.fake.play(
      inOrder({
        words: 'This is a very long answer that nobody will wait for until its very end. '.repeat(20),
        gapMs: 25,
      }),
    )
    const { runId, threadId } = await world.send('tell me a story')
    const running = world.answer(runId)
    const open = () => world.db.message.findFirst({ where: { runId, state: 'streaming' } })
    await until('words arrive', async () => (await open()) !== null)
    const aborted = world.fake.aborted
    await stopRun({ ctx: world.owner, input: { threadId } })
    const answer = await running
    expect(answer.state).toBe('stopped')
    expect(answer.text).toMatch(/^This is a very/)
    expect(answer.text.length).toBeLessThan(1000)
    await until('the provider is let go', async () => world.fake.aborted > aborted)
  })

  it('does not fall back in the middle of a plan', async () => {
    world.fake.play(inOrder(PROPOSE, { status: 503 }))
    const answer = await world.talk('fine-tune llama 3 8b on /data/training')
    expect(answer.planner).toContain('fake-1')
    expect(answer.text).toContain('The language model did not answer (503) after it had proposed this.')
    expect(await world.db.plan.count({ where: { runId: answer.runId } })).toBe(1)
  })

  it('proposes once when its worker died after the proposal and the run is taken again', async () => {
    world.fake.play(inOrder(PROPOSE, { words: 'Here it is.' }))
    const { runId } = await world.send('fine-tune llama 3 8b on /data/training')
    await world.answer(runId)
    // As a dead worker leaves it: proposed, and not answered.
    await world.db.message.deleteMany({ where: { runId } })
    await world.db.agentRun.update({ where: { id: runId }, data: { state: 'running', finishedAt: null } })
    world.fake.asked.length = 0
    const again = await world.answer(runId)
    expect(world.fake.asked).toHaveLength(0)
    expect(await world.db.plan.count({ where: { runId } })).toBe(1)
    expect(again.blocks.filter((b) => b.type === 'plan')).toHaveLength(1)
    expect(again.text).toContain('waits for your decision')
  })

  it('makes one plan of the same proposal made twice in one turn', async () => {
    world.fake.play(
      inOrder(
        {
          words: '',
          calls: [
            { name: 'propose_plan', args: { steps: [TRAIN, TRAIN] } },
            { name: 'propose_plan', args: { steps: [TRAIN] } },
          ],
        },
        { words: 'One card.' },
      ),
    )
    const answer = await world.talk('fine-tune llama 3 8b on /data/training')
    expect(await world.db.plan.count({ where: { runId: answer.runId } })).toBe(1)
    expect(answer.blocks.filter((b) => b.type === 'plan')).toHaveLength(1)
  })

  it('draws a later step up when the plan before it is done, and begins no chain that it cannot go through', async () => {
    const steps = [
      { tool: 'cordon_node', args: { node: 'node-01' } },
      { tool: 'label_node', args: { node: 'node-01', labels: { rack: 'b' } } },
    ]
    world.fake.play(inOrder({ words: '', calls: [{ name: 'propose_plan', args: { steps } }] }, { words: 'Two steps.' }))
    const answer = await world.talk('take node-01 out, then mark it as rack b')
    const [plan, ...others] = await world.db.plan.findMany({ where: { runId: answer.runId } })
    expect(others).toEqual([])
    const first = await readPlan({ ctx: world.owner, input: { planId: plan?.id ?? '' } })
    expect(first.content.title).toContain('Step 1 of 2: Cordon node-01')
    expect(answer.text).toContain(`When ${first.label} is done I go on with label a node`)
    world.fake.asked.length = 0
    await world.talk('do it')
    await world.runDueJobs()
    expect(world.fake.asked).toHaveLength(0)
    const next = await world.db.plan.findFirstOrThrow({ where: { intent: 'label_node' }, orderBy: { number: 'desc' } })
    const second = await readPlan({ ctx: world.owner, input: { planId: next.id } })
    expect(second.content.title).toBe('Step 2 of 2: Label node-01: rack=b')
    expect(second.state).toBe('succeeded')
    await world.db.node.updateMany({ data: { cordonedAt: null, cordonReason: null, labels: {} } })

    const broken = [...steps.slice(0, 1), { tool: 'wipe_all', args: {} }]
    world.fake.play(
      inOrder({ words: '', calls: [{ name: 'propose_plan', args: { steps: broken } }] }, { words: 'No.' }),
    )
    const refused = await world.talk('take node-01 out and wipe everything')
    expect(await world.db.plan.count({ where: { runId: refused.runId } })).toBe(0)
    expect(world.fake.asked.at(-1)?.messages.at(-1)?.text).toContain('There is no tool wipe_all. No step was proposed.')
  })

  it('proposes nothing for a viewer', async () => {
    const vic = await world.member('viewer', 'vic')
    world.fake.play(inOrder(PROPOSE, { words: 'Not for you.' }))
    const answer = await world.talk('fine-tune llama 3 8b on /data/training', { ctx: vic })
    expect(await world.db.plan.count({ where: { runId: answer.runId } })).toBe(0)
    expect(world.fake.asked[1]?.messages.at(-1)?.text).toContain('need the role operator')
  })

  it('tells the model of earlier messages from our rows, without pasted secrets', async () => {
    world.fake.play(inOrder({ words: 'Noted.' }))
    await world.talk('my token is HF_TOKEN=hf_abcdefghijklmnopqrstuvwx, remember')
    await world.talk('and now?')
    const seen = world.fake.asked.at(-1)
    expect(seen?.messages.map((m) => m.role)).toEqual(['user', 'assistant', 'user'])
    expect(JSON.stringify(world.fake.asked.map((a) => a.body))).not.toContain('hf_abcdef')
  })

  it('follows no redirect with the key', async () => {
    world.fake.play(inOrder({ status: 307, headers: { location: `${world.fake.url}/elsewhere` } }))
    const answer = await world.talk('what GPUs do we have?')
    expect(answer.text).toContain('it could not be reached')
    expect(answer.planner).toBe('embedded')
  })

  it('answers with the embedded planner when the address is dead', async () => {
    await world.setUp({ baseUrl: 'http://127.0.0.1:9' })
    const answer = await world.talk('what GPUs do we have?', { times: { ...FAST, attempts: 1 } })
    expect(answer.text).toContain('it could not be reached')
    expect(answer.text).toContain('12 GPUs')
  })
})

describe('Test connection', () => {
  const run = async (wholeMs = 15_000): Promise<Awaited<ReturnType<typeof readPlannerTest>>> => {
    await world.db.plannerTest.deleteMany()
    const { testId } = await requestPlannerTest({ ctx: world.owner })
    await testConnection(world.sys, testId, wholeMs)
    return readPlannerTest({ ctx: world.owner, input: { testId } })
  }

  it('passes with one tool call, and tells latency, model and a sample', async () => {
    world.fake.play((asked, nth) =>
      nth === 0
        ? { words: '', calls: [{ name: asked.tools[0] ?? '', args: {} }] }
        : { words: `The word is ${asked.messages.at(-1)?.text}.` },
    )
    const result = await run()
    expect(result).toMatchObject({ state: 'passed', model: 'fake-1', provider: 'openai-compatible', error: null })
    expect(result.sample).toMatch(/^The word is check-[0-9a-f]{6}\.$/)
    expect(result.latencyMs).toBeGreaterThan(0)
    expect(result.firstWordsMs).not.toBeNull()
  })

  it.each([
    [{ words: 'I cannot call tools.' }, 'did not call the tool'],
    [{ status: 401 }, 'it refused the key'],
    [{ status: 404 }, 'no such model or address'],
  ])('fails with what to do: %j', async (reply, why) => {
    world.fake.play(inOrder(reply))
    const result = await run()
    expect(result.state).toBe('failed')
    expect(result.error).toContain(why)
  })

  it('fails when nothing comes', async () => {
    world.fake.play(inOrder({ silent: true }))
    expect((await run(400)).error).toContain('no answer within 1 s')
  })

  it('says that the embedded planner needs none', async () => {
    await setPlannerSettings({ ctx: world.owner, input: { provider: 'embedded' } })
    expect((await run()).error).toContain('needs no connection')
  })
})
