import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FleetWorld, fleetWorld } from '../fleet/testing/fleet-world'
import { dayUsage } from './day-usage'
import { installationPlanner } from './installation-planner'
import { readPlannerSettings } from './read-planner-settings'
import { readPlannerTest } from './read-planner-test'
import { readUsage } from './read-usage'
import { recordUsage } from './record-usage'
import { requestPlannerTest } from './request-planner-test'
import { resolvePlanner } from './resolve-planner'
import { setPlannerSettings } from './set-planner-settings'

const KEY = 'sk-live-0123456789abcdefWXYZ'
const OPENAI = { provider: 'openai', model: 'gpt-x', apiKey: KEY } as const

let world: FleetWorld
beforeAll(async () => {
  process.env.BETTER_AUTH_SECRET ??= 'a secret of these tests, long enough for a key'
  world = await fleetWorld()
})
afterAll(() => world.close())

describe('planner settings', () => {
  it('gives the key back to nobody: only its tail, and sealed in the row and the audit', async () => {
    const view = await setPlannerSettings({ ctx: world.ctx('admin'), input: OPENAI })
    expect(view).toMatchObject({ provider: 'openai', model: 'gpt-x', keyTail: 'WXYZ' })
    const rows = await world.db.plannerSettings.findMany()
    const audit = await world.db.auditEntry.findMany({ where: { action: 'planner.set' } })
    const read = await readPlannerSettings({ ctx: world.ctx('admin') })
    expect(JSON.stringify([view, read, rows, audit.map((a) => a.data)])).not.toContain(KEY)
    expect(audit).toHaveLength(1)
    expect((await resolvePlanner(world.sys, { orgId: world.orgId })).language).toMatchObject({
      apiKey: KEY,
      name: 'openai/gpt-x',
    })
  })

  it('keeps the key while provider and address stay, and drops it when either changes', async () => {
    const ctx = world.ctx('admin')
    await setPlannerSettings({ ctx, input: OPENAI })
    const kept = await setPlannerSettings({ ctx, input: { provider: 'openai', model: 'gpt-y' } })
    expect(kept.keyTail).toBe('WXYZ')
    await expect(
      setPlannerSettings({ ctx, input: { provider: 'openai', model: 'gpt-y', baseUrl: 'https://collector.example' } }),
    ).rejects.toThrow('The API key is missing.')
    const moved = await setPlannerSettings({
      ctx,
      input: { provider: 'openai-compatible', model: 'x', baseUrl: 'http://localhost:8000/v1/' },
    })
    expect(moved).toMatchObject({ keyTail: null, baseUrl: 'http://localhost:8000/v1' })
  })

  it.each([
    ['file:///etc/passwd', 'Only http and https'],
    ['http://user:pass@host/v1', 'No user or password'],
    ['http://169.254.169.254/latest', 'metadata'],
    ['localhost:11434', 'Only http and https'],
    ['not an address', 'whole address'],
  ])('refuses the address %s', async (baseUrl, why) => {
    await expect(
      setPlannerSettings({ ctx: world.ctx('admin'), input: { provider: 'openai-compatible', model: 'x', baseUrl } }),
    ).rejects.toThrow(why)
  })

  it('is for those who may manage the policy', async () => {
    for (const role of ['viewer', 'operator', 'approver'] as const) {
      await expect(setPlannerSettings({ ctx: world.ctx(role), input: OPENAI })).rejects.toThrow('need the role admin')
      await expect(readPlannerSettings({ ctx: world.ctx(role) })).rejects.toThrow('need the role admin')
      await expect(requestPlannerTest({ ctx: world.ctx(role) })).rejects.toThrow('need the role admin')
    }
    expect((await readPlannerSettings({ ctx: world.stranger })).provider).toBeNull()
  })

  it('follows the installation as a whole: never its key with an address of the organisation', async () => {
    const env = { LLM_PROVIDER: 'anthropic', LLM_MODEL: 'claude-x', LLM_API_KEY: 'sk-ant-installation-key' }
    expect(installationPlanner(env)).toMatchObject({ provider: 'anthropic', model: 'claude-x', problem: null })
    Object.assign(process.env, env)
    try {
      await setPlannerSettings({ ctx: world.ctx('admin'), input: { provider: null } })
      expect((await resolvePlanner(world.sys, { orgId: world.orgId })).language?.apiKey).toBe('sk-ant-installation-key')
      const input = { provider: 'openai-compatible', model: 'x', baseUrl: 'http://collector.example' } as const
      await setPlannerSettings({ ctx: world.ctx('admin'), input })
      expect((await resolvePlanner(world.sys, { orgId: world.orgId })).language?.apiKey).toBeNull()
    } finally {
      for (const name of Object.keys(env)) delete process.env[name]
    }
  })

  it.each([
    [{}, { provider: 'embedded', problem: null }],
    [{ LLM_PROVIDER: 'openai', LLM_MODEL: 'm' }, { problem: 'The API key is missing.' }],
    [{ LLM_PROVIDER: 'ollama' }, { problem: 'The name of the model is missing.' }],
    [
      { LLM_PROVIDER: 'ollama', LLM_MODEL: 'qwen3' },
      { provider: 'ollama', problem: null },
    ],
    [{ LLM_PROVIDER: 'gpt' }, { provider: 'embedded' }],
    [
      { LLM_PROVIDER: 'openai-compatible', LLM_MODEL: 'm', LLM_BASE_URL: 'ftp://x' },
      { problem: 'LLM_BASE_URL: Only http and https addresses are used.' },
    ],
  ])('reads the environment %j', (env, expected) => {
    expect(installationPlanner(env)).toMatchObject(expected)
  })
})

describe('usage', () => {
  it('adds up turns that run at the same time, per day and organisation, and says what has no price', async () => {
    const { orgId } = world
    const tokens = { inputTokens: 100, outputTokens: 10, estimated: false }
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        recordUsage(world.sys, {
          orgId,
          model: i % 2 ? 'openai/a' : 'ollama/b',
          modelCalls: 1,
          tokens: { ...tokens, estimated: i === 0 },
          costMicroUsd: i % 2 ? 7 : null,
        }),
      ),
    )
    expect(await dayUsage(world.sys, { orgId })).toEqual({ toolCalls: 0, tokens: 2200, costMicroUsd: 70 })
    const view = await readUsage({ ctx: world.ctx('admin') })
    expect(view).toMatchObject({
      modelCalls: 20,
      tokens: 2200,
      unpricedTokens: 1100,
      estimatedTokens: 110,
      exhausted: null,
    })
    expect(view.models).toEqual([
      { model: 'ollama/b', turns: 0, modelCalls: 10, tokens: 1100, costMicroUsd: null },
      { model: 'openai/a', turns: 0, modelCalls: 10, tokens: 1100, costMicroUsd: 70 },
    ])
    expect(await readUsage({ ctx: world.stranger })).toMatchObject({ tokens: 0 })
    await setPlannerSettings({ ctx: world.ctx('admin'), input: { provider: null, budgets: { dayTokens: 2000 } } })
    expect((await readUsage({ ctx: world.ctx('admin') })).exhausted).toBe('2,200 of 2,000 tokens')
  })
})

describe('a connection test', () => {
  it('is a row that only its organisation reads, and one at a time', async () => {
    const { testId } = await requestPlannerTest({ ctx: world.ctx('admin') })
    expect(await readPlannerTest({ ctx: world.ctx('admin'), input: { testId } })).toMatchObject({ state: 'queued' })
    await expect(readPlannerTest({ ctx: world.stranger, input: { testId } })).rejects.toThrow('no such test')
    await expect(requestPlannerTest({ ctx: world.ctx('admin') })).rejects.toThrow('a moment ago')
  })
})
