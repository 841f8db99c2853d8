import type { PlanView, StepStateName } from '@clawbernetes/protocol/views/plan'
import { describe, expect, it } from 'vitest'
import type { ChannelButton } from './channel-message'
import { discordMessage } from './discord-message'
import { planCard } from './plan-card'
import { slackMessage } from './slack-message'

const at = '2026-11-22T18:00:00.000Z'
const place = { baseUrl: 'https://claw.example', nonce: 'nonce-12345', decides: true, confirms: true }

function plan(over: Partial<PlanView> = {}, content: Partial<PlanView['content']> = {}): PlanView {
  return {
    id: `plan_${'0'.repeat(26)}`,
    label: 'PL-204',
    number: 204,
    revision: 2,
    latestRevision: 2,
    digest: 'd'.repeat(64),
    state: 'proposed',
    stateReason: null,
    version: 3,
    demo: false,
    risk: 'medium',
    proposedBy: { id: 'usr_a', name: 'Ana', kind: 'agent' },
    threadId: null,
    createdAt: at,
    expiresAt: '2026-11-23T18:00:00.000Z',
    startedAt: null,
    finishedAt: null,
    approvalsNeeded: 1,
    quorum: { needed: 2, approver: 'operator', secondPerson: true, given: [{ name: 'Ben', at }], lost: [], ruling: '' },
    window: null,
    paused: null,
    windowOverride: null,
    successor: null,
    decisions: [],
    steps: [],
    outcome: null,
    editedBy: null,
    revisionDiff: [],
    rights: {
      approve: true,
      reject: true,
      edit: false,
      cancel: false,
      undo: false,
      startNow: false,
      askAgain: false,
      why: null,
    },
    secretEntered: null,
    drift: [],
    serverNow: at,
    content: {
      tool: { name: 'drain_node', version: 1, args: {} },
      title: 'Drain node-06',
      why: 'ECC errors rise <!channel>',
      evidence: [],
      steps: Array.from({ length: 8 }, (_, i) => ({
        kind: 'cordon-node' as const,
        args: {},
        title: `Step ${i + 1}`,
        target: 'node-06',
        estimateS: i === 0 ? 30 : null,
        reversible: 'reversible' as const,
        note: null,
      })),
      changes: [],
      commands: [],
      notDone: [],
      facts: [],
      affects: { workloads: [{ id: 'wl', name: 'a', owner: 'b' }], nodes: [{ id: 'n', name: 'node-06' }], gpus: 0 },
      cost: { perHourMicroUsd: null, oneOffMicroUsd: null, arithmetic: '' },
      undo: { possible: true, text: 'Uncordon', tool: null },
      risk: 'medium',
      riskReason: 'two restart',
      warnings: [],
      durationS: 240,
      editable: [],
      origin: { text: '', untrusted: [] },
      confirmName: null,
      ttlS: 60,
      ...content,
    },
    ...over,
  }
}
const buttons = (view: PlanView, over: Partial<typeof place> = {}): ChannelButton[] =>
  planCard(view, { ...place, ...over }).parts.flatMap((p) => (p.kind === 'buttons' ? p.items : []))
const words = (view: PlanView): string => JSON.stringify(planCard(view, place))
const running = (states: StepStateName[]): PlanView =>
  plan({
    state: 'running',
    steps: states.map((state, ordinal) => ({
      id: `s${ordinal}`,
      ordinal,
      kind: 'cordon-node',
      title: `Step ${ordinal + 1}`,
      state,
      attempt: 1,
      progress: null,
      error: null,
      startedAt: null,
      finishedAt: null,
    })),
  })

describe('the plan card outside the web', () => {
  it('says everything a decision needs, unknown as unknown', () => {
    const shown = words(plan())
    for (const expected of ['PL-204 r2', 'Why: ECC', 'Medium: two restart', '1 workload, 1 node', '~4 min', 'Uncordon'])
      expect(shown).toContain(expected)
    expect(shown).toContain('"Cost","value":"unknown"')
    expect(shown).toContain('1 (Ben) of 2, by operator or above, not by who asked')
    expect(shown).toContain('1. Step 1 · ~30 s')
    expect(shown).toContain('+3 more')
  })

  it('asks once more for medium risk, at once for low, and never holds a digest', () => {
    const [approve] = buttons(plan())
    expect(approve).toMatchObject({ act: 'plan.approve', value: `plan_${'0'.repeat(26)}:2` })
    expect(approve?.confirm?.text).toContain('Cost unknown')
    expect(buttons(plan(), { confirms: false })[0]?.act).toBe('plan.confirm')
    expect(buttons(plan({ risk: 'low' }))[0]).toMatchObject({ act: 'plan.approve', confirm: null })
    expect(words(plan())).not.toContain('dddd')
  })

  it.each([
    ['high risk', plan({ risk: 'high' })],
    ['critical risk', plan({ risk: 'critical' })],
    ['a name to type', plan({}, { confirmName: 'node-06' })],
    ['a secret to enter', plan({}, { secretValue: { name: 'k', label: 'Key' } })],
  ])('leaves %s to the web', (_, view) => {
    expect(buttons(view).map((b) => b.label)).toEqual(['Review in web'])
  })

  it('offers nothing once it is late or decided, and says who decided', () => {
    expect(buttons(plan({ serverNow: '2026-11-24T00:00:00.000Z' })).map((b) => b.label)).toEqual(['Details'])
    const decision = {
      userId: 'u',
      userName: 'Ana',
      decision: 'reject' as const,
      reason: 'not now',
      via: 'cli',
      quote: null,
      selfApproved: false,
      at,
    }
    const rejected = plan({ state: 'rejected', decisions: [decision] })
    expect(words(rejected)).toContain('Rejected by Ana via the command line, 2026-11-22 18:00 UTC: not now')
    expect(buttons(rejected).map((b) => b.label)).toEqual(['Details'])
  })

  it('warns of untrusted text, of drift and of a window', () => {
    const shown = words(
      plan(
        { drift: [{ text: 'GPU 3 is free', was: 'yes', is: 'no' }], window: { opensAt: at, text: 'Starts at 22:00' } },
        { origin: { text: '', untrusted: ['logs of train-a'] } },
      ),
    )
    expect(shown).toContain('untrusted text from logs of train-a')
    expect(shown).toContain('GPU 3 is free: was yes, is no')
    expect(shown).toContain('Starts at 22:00')
  })

  it('follows the step at work', () => {
    const shown = words(
      running(['succeeded', 'succeeded', 'succeeded', 'succeeded', 'running', 'pending', 'pending', 'pending']),
    )
    expect(shown).toContain('✓ 3 done before')
    expect(shown).toContain('◐ Step 5')
    expect(shown).not.toContain('more')
    expect(words(running(Array.from({ length: 8 }, () => 'succeeded' as const)))).toContain('✓ Step 1')
  })

  it('is letters on both platforms, whatever the why says', () => {
    const slack = JSON.stringify(slackMessage(planCard(plan(), place), place.baseUrl))
    expect(slack).toContain('&lt;!channel&gt;')
    expect(slack).not.toContain('<!channel>')
    expect(JSON.stringify(discordMessage(planCard(plan(), place), place.baseUrl))).toContain('\\\\<!channel\\\\>')
  })
})
