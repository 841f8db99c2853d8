import { ANSWERS, PRESETS } from '@clawbernetes/protocol/policy/policy-words'
import { NO_EDITS, orgPolicy, type OrgPolicyEdits } from '@clawbernetes/protocol/policy/org-policy'
import { RISKS, type Risk } from '@clawbernetes/protocol/plans/content'
import { ROLES } from '@clawbernetes/protocol/permissions'
import { describe, expect, it } from 'vitest'
import { effectivePolicy } from './effective-policy'
import { NO_USAGE, type PlanScope } from './plan-scope'
import { mayApprove, quorum, rule, strictest, ttlFor } from './policy'
import { FLOOR } from './presets'
import { globMatches } from './scoped-rule'

const NOON = Date.parse('2026-11-23T12:00:00Z')
const scope = (over: Partial<PlanScope> = {}): PlanScope => ({
  tool: 'deploy_training',
  risk: 'medium',
  tainted: false,
  nodes: [{ name: 'node-01', labels: {} }],
  workloads: ['train-a'],
  gpus: 4,
  perHourMicroUsd: 7_200_000,
  oneOffMicroUsd: 0,
  ...over,
})
const under = (edits: Partial<OrgPolicyEdits>, preset: (typeof PRESETS)[number] = 'balanced') =>
  effectivePolicy({ preset, edits: orgPolicy.parse({ ...NO_EDITS, ...edits }) })
const ruled = (edits: Partial<OrgPolicyEdits>, over: Partial<PlanScope> = {}, preset?: (typeof PRESETS)[number]) =>
  rule(under(edits, preset), scope(over), NO_USAGE, NOON)

/** A small generator with a seed, so that a failure can be run again. */
function random(seed: number) {
  let state = seed
  const next = () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const int = (max: number) => Math.floor(next() * max)
  return {
    int,
    chance: (share: number) => next() < share,
    pick: <T>(items: readonly T[]): T => items[int(items.length)] as T,
  }
}
type Random = ReturnType<typeof random>

const anyRule = (r: Random, ttlS?: number) => ({
  ...(r.chance(0.6) ? { answer: r.pick(ANSWERS) } : {}),
  ...(r.chance(0.6) ? { approvals: 1 + r.int(5) } : {}),
  ...(r.chance(0.6) ? { approver: r.pick(ROLES) } : {}),
  ...(r.chance(0.6) ? { fourEyes: r.chance(0.5) } : {}),
  ...(ttlS ? { ttlS } : {}),
})

function anyEdits(r: Random): OrgPolicyEdits {
  return orgPolicy.parse({
    risks: { low: anyRule(r, 600), medium: anyRule(r, 600), high: anyRule(r, 600), critical: anyRule(r, 600) },
    tools: r.chance(0.5) ? { deploy_training: anyRule(r) } : {},
    auto: r.chance(0.5) ? { gpus: r.pick([null, 0, 8]), perHourMicroUsd: r.pick([null, 0, 10_000_000]) } : {},
    raise: r.chance(0.5)
      ? { nodesAtOnce: r.pick([null, 1, 5]), labels: [], spendMicroUsd: r.pick([null, 1_000_000]) }
      : {},
    rules: r.chance(0.7)
      ? [{ id: 'a', answer: r.pick(ANSWERS), tool: '*', target: {}, until: '2030-01-01T00:00:00Z' }]
      : [],
    criticalAlone: r.chance(0.5),
  })
}

describe('the policy', () => {
  it('is never looser than the floors of code, whatever an organisation writes into it', () => {
    const r = random(7)
    for (let n = 0; n < 3000; n++) {
      const risk = r.pick(RISKS)
      const ruling = rule(
        effectivePolicy({ preset: r.pick(PRESETS), edits: anyEdits(r) }),
        scope({
          risk,
          tainted: r.chance(0.3),
          nodes: Array.from({ length: r.int(8) }, () => ({ name: 'n', labels: {} })),
        }),
        NO_USAGE,
        NOON,
      )
      const floor = FLOOR[ruling.risk]
      expect(RISKS.indexOf(ruling.risk)).toBeGreaterThanOrEqual(RISKS.indexOf(risk))
      expect(ANSWERS.indexOf(ruling.answer)).toBeGreaterThanOrEqual(ANSWERS.indexOf(floor.answer))
      if (ruling.answer === 'ask') expect(ruling.approvalsNeeded).toBeGreaterThanOrEqual(floor.approvals)
      expect(ROLES.indexOf(ruling.approver)).toBeGreaterThanOrEqual(ROLES.indexOf(floor.approver))
      if (floor.fourEyes) expect(ruling.needsSecondPerson).toBe(true)
      if (risk === 'high' || risk === 'critical') {
        expect(ruling.answer).not.toBe('auto')
        expect(ruling.typedConsent).toBe(false)
        expect(ruling.typedName).toBe(true)
      }
    }
  })

  it('is the same or stricter when what a card said and what holds now are put together', () => {
    const r = random(11)
    for (let n = 0; n < 500; n++) {
      const one = rule(effectivePolicy({ preset: r.pick(PRESETS), edits: anyEdits(r) }), scope(), NO_USAGE, NOON)
      const two = rule(effectivePolicy({ preset: r.pick(PRESETS), edits: anyEdits(r) }), scope(), NO_USAGE, NOON)
      const both = strictest(one, two)
      for (const each of [one, two]) {
        expect(ANSWERS.indexOf(both.answer)).toBeGreaterThanOrEqual(ANSWERS.indexOf(each.answer))
        expect(both.approvalsNeeded).toBeGreaterThanOrEqual(each.approvalsNeeded)
        expect(ROLES.indexOf(both.approver)).toBeGreaterThanOrEqual(ROLES.indexOf(each.approver))
        expect(both.needsSecondPerson || !each.needsSecondPerson).toBe(true)
      }
    }
  })

  it('lets nothing run by itself that was formed after reading untrusted text', () => {
    for (const preset of PRESETS)
      for (const risk of ['low', 'medium', 'high', 'critical'] as const satisfies Risk[]) {
        const ruling = ruled({}, { tainted: true, risk }, preset)
        expect(ruling.answer).toBe('ask')
        expect(ruling.typedConsent).toBe(false)
      }
  })

  it('asks when more would run by itself than the limits say', () => {
    const policy = under({}, 'autopilot')
    expect(rule(policy, scope(), NO_USAGE, NOON).answer).toBe('auto')
    expect(rule(policy, scope({ gpus: 16 }), NO_USAGE, NOON).reason).toContain('16 GPUs')
    expect(rule(policy, scope({ perHourMicroUsd: null }), NO_USAGE, NOON).reason).toBe('its cost is unknown')
    const used = { plans: 1, perHourMicroUsd: 20_000_000, dayMicroUsd: 20_000_000 }
    expect(rule(policy, scope(), used, NOON).reason).toBe(
      'with it $27.20 an hour would run by itself, the limit is $25.00',
    )
    expect(rule(policy, scope(), { ...used, perHourMicroUsd: 0, plans: 50 }, NOON).reason).toContain('limit is 50')
    const night = under(
      { auto: { hours: [{ days: [1, 2, 3, 4, 5, 6, 7], start: '22:00', end: '06:00', timeZone: 'UTC' }] } },
      'autopilot',
    )
    expect(rule(night, scope(), NO_USAGE, NOON).answer).toBe('ask')
    expect(rule(night, scope(), NO_USAGE, NOON + 12 * 3_600_000).answer).toBe('auto')
  })

  it('takes plans on many nodes, on production nodes and beyond the spending limit more seriously', () => {
    const nodes = Array.from({ length: 17 }, (_, i) => ({ name: `n${i}`, labels: {} }))
    expect(ruled({}, { nodes })).toMatchObject({ risk: 'high', typedName: true, approver: 'approver' })
    const prod = ruled({}, { nodes: [{ name: 'node-03', labels: { env: 'prod' } }] })
    expect(prod).toMatchObject({ risk: 'high', raised: ['node-03 is labelled env=prod'] })
    expect(ruled({ raise: { spendMicroUsd: 5_000_000 } })).toMatchObject({ risk: 'critical', approvalsNeeded: 2 })
  })

  it('follows a scoped rule only for all that it speaks of, and only while it lasts', () => {
    const dev = {
      id: 'r1',
      answer: 'auto' as const,
      tool: 'deploy_training',
      target: { labels: { env: 'dev' }, name: null },
      maxPerHourMicroUsd: 10_000_000,
      hours: null,
      until: '2026-12-01T00:00:00.000Z',
      note: 'dev trainings',
    }
    const on = (...envs: string[]) => ({ nodes: envs.map((env, i) => ({ name: `n${i}`, labels: { env } })) })
    expect(ruled({ rules: [dev] }, on('dev'))).toMatchObject({ answer: 'auto' })
    expect(ruled({ rules: [dev] }, on('dev', 'test'))).toMatchObject({ answer: 'ask' })
    expect(ruled({ rules: [dev] }, { ...on('dev'), perHourMicroUsd: 11_000_000 })).toMatchObject({ answer: 'ask' })
    expect(ruled({ rules: [{ ...dev, until: '2026-11-01T00:00:00.000Z' }] }, on('dev'))).toMatchObject({
      answer: 'ask',
    })
    expect(ruled({ rules: [dev] }, { ...on('dev'), risk: 'high' })).toMatchObject({ answer: 'ask' })
    const never = { ...dev, id: 'r2', answer: 'deny' as const, maxPerHourMicroUsd: null }
    expect(ruled({ rules: [dev, never] }, on('dev', 'test'))).toMatchObject({ answer: 'deny' })
  })

  it('needs a second person where it says so, and one alone only where nobody else is', () => {
    const critical = ruled({}, { risk: 'critical' })
    const ana = { id: 'ana', role: 'owner' as const }
    expect(mayApprove(critical, ana, ['ana'], 2, false)).toContain('You asked for this')
    expect(mayApprove(critical, ana, ['ben', 'ana'], 2, false)).toContain('You edited this')
    expect(mayApprove(critical, ana, ['ben'], 2, false)).toBeNull()
    expect(mayApprove(critical, ana, ['ana'], 1, false)).toContain('only member')
    expect(mayApprove(critical, ana, ['ana'], 1, true)).toBeNull()
    expect([quorum(critical, 1), quorum(critical, 2), quorum(critical, 9)]).toEqual([1, 2, 2])
    const eyes = ruled({ risks: { medium: { fourEyes: true, approvals: 2 } } })
    expect(mayApprove(eyes, ana, ['ana'], 1, false)).toBeNull()
    expect(mayApprove(eyes, ana, ['ana'], 3, false)).toContain('second person')
    expect(mayApprove(eyes, { id: 'v', role: 'viewer' }, ['ana'], 3, false)).toContain('needs the role operator')
  })

  it('keeps a short quote short and decides what it raised sooner', () => {
    const plain = ruled({})
    expect(ttlFor(plain, { risk: 'medium', ttlS: 1800 })).toBe(1800)
    expect(ttlFor(ruled({ risks: { medium: { ttlS: 7200 } } }), { risk: 'medium', ttlS: 1800 })).toBe(7200)
    expect(ttlFor(ruled({ risks: { medium: { ttlS: 7200 } } }), { risk: 'medium', ttlS: 90 })).toBe(90)
    const raised = ruled({}, { nodes: [{ name: 'n', labels: { env: 'prod' } }] })
    expect(ttlFor(raised, { risk: 'medium', ttlS: 1800 })).toBe(600)
  })

  it('refuses lives outside of sane limits, windows without days and unknown time zones', () => {
    const refused = (edits: object) => orgPolicy.safeParse(edits).error?.issues[0]?.message
    expect(refused({ risks: { high: { ttlS: 7200 } } })).toBe('A plan of high risk lives 1 min to 1 h.')
    const window = { id: 'w', name: 'Night', days: [6], start: '22:00', end: '04:00', timeZone: 'Europe/Paris' }
    expect(refused({ maintenance: [window] })).toBeUndefined()
    expect(refused({ maintenance: [{ ...window, days: [] }] })).toBeDefined()
    expect(refused({ maintenance: [{ ...window, timeZone: 'Mars/Olympus' }] })).toContain('time zone')
    expect(refused({ surprise: true })).toBeDefined()
  })

  it('matches names with stars and nothing else', () => {
    expect(globMatches('eval-*', 'eval-7b')).toBe(true)
    expect(globMatches('*-prod-*', 'llm-prod-1')).toBe(true)
    expect(globMatches('eval-*-b', 'eval-b')).toBe(false)
    expect(globMatches('eval', 'eval-7b')).toBe(false)
    expect(globMatches('a.c', 'abc')).toBe(false)
    expect(globMatches('*', '')).toBe(true)
  })
})
