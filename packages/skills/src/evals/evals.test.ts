import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { understand } from '../planner/understand'
import { findTool } from '../registry/registry'
import { type SkillsWorld, skillsWorld } from '../registry/testing/skills-world'
import { type EvalTurn, loadAllEvals } from './load-evals'

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const all = loadAllEvals(root)
const cases = all.flatMap(({ skill, dialogues }) =>
  dialogues.flatMap((dialogue) =>
    dialogue.turns.map((turn, i) => [skill, `${dialogue.name} ${i + 1}: ${turn.say}`, turn] as const),
  ),
)

describe('every skill’s evals', () => {
  it.each(cases)('%s · %s', (_, __, turn) => {
    const got = understand({ utterance: turn.say, context: turn.context ?? null })
    expect(got.intent).toBe(turn.intent)
    if (turn.slots) expect(got.slots).toMatchObject(turn.slots)
    if (turn.asks_approval !== undefined) expect(got.asksApproval).toBe(turn.asks_approval)
  })
})

describe('what the tools make of it in the seeded world', () => {
  let world: SkillsWorld
  beforeAll(async () => {
    world = await skillsWorld()
  }, 120_000)
  afterAll(async () => {
    await world.close()
  })

  it.each(cases.filter(([, , turn]) => turn.end !== undefined))('%s · %s', async (_, __, turn) => {
    const { intent, slots } = understand({ utterance: turn.say, context: turn.context ?? null })
    const tool = findTool(intent)
    if (!tool) throw new Error(`${intent} is not in the registry`)
    const args = tool.input.parse(slots)
    const focus = { ...(turn.context?.focus as Record<string, never> | undefined) }
    const asked = world.tool(turn.say, { focus })
    if (tool.kind === 'read') {
      const result = await tool.run(args, asked)
      return checkRead(turn, result)
    }
    const preview = await tool.preview(args, asked)
    return checkCard(turn, preview)
  })
})

type End = NonNullable<EvalTurn['end']>
type Answer = { say: string; data: unknown; recommendation?: unknown; untrusted?: string }

function checkRead({ end }: EvalTurn, result: Answer): void {
  checkWords(end ?? {}, result.say)
  if (end?.data) expect(result.data).toMatchObject(end.data)
  if (end?.recommendation) expect(result.recommendation).toEqual(end.recommendation)
  if (end?.untrusted !== undefined) expect(result.untrusted !== undefined).toBe(end.untrusted)
}

function checkWords(end: End, say: string): void {
  for (const pattern of end.say ?? []) expect(say).toMatch(new RegExp(pattern))
  for (const pattern of end.never ?? []) expect(say).not.toMatch(new RegExp(pattern))
}

type Preview = Awaited<ReturnType<Extract<NonNullable<ReturnType<typeof findTool>>, { kind: 'write' }>['preview']>>

function checkCard({ end }: EvalTurn, preview: Preview): void {
  if (end?.noCard) {
    expect(preview.ok).toBe(false)
    if (!preview.ok) checkWords(end, 'question' in preview ? preview.question.ask : preview.say)
    return
  }
  if (!preview.ok) throw new Error('question' in preview ? preview.question.ask : preview.say)
  checkWords(end ?? {}, preview.say)
  const card = end?.card
  if (!card) return
  expect(preview.content.title).toMatch(new RegExp(card.title))
  if (card.steps) expect(preview.content.steps.map((step) => step.kind)).toEqual(card.steps)
  if (card.risk) expect(preview.content.risk).toBe(card.risk)
  if (card.undo !== undefined) expect(preview.content.undo.tool !== null).toBe(card.undo)
}
