import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { isChange } from '../planner/tools-table'
import { understand } from '../planner/understand'
import { normalise } from '../planner/normalise'
import { loadVectors, TEMPERATURE } from './build'
import { expandAll, loadTemplates } from './corpus'
import { calibrate, crossValidate, delexicaliseRaw, type Judged, prepare } from './train'

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

// Measured when this was written; a change of utterances or features that costs more than two points fails.
const CROSS_VALIDATED = 0.85
// The bar of the evaluation: at least 90 % exact, at most 2 % confidently wrong, 1 % wrong changes, no wrong approval.
const UNSEEN = { exact: 0.9, confidentlyWrong: 0.02, wrongChange: 0.01 }

interface Line {
  id: string
  utterance: string
  context: Parameters<typeof understand>[0]['context']
  intent: string
  /** Other readings that are as good. */
  also?: string[]
}

const linesOf = (name: string): Line[] =>
  readFileSync(`${root}/evals/${name}`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)

function measure(lines: readonly Line[]): {
  exact: number
  confidentlyWrong: number
  wrongChange: number
  wrongApproval: number
  report: string
} {
  const missed: string[] = []
  const count = { exact: 0, wrong: 0, change: 0, approval: 0 }
  for (const line of lines) {
    const got = understand({ utterance: line.utterance, context: line.context })
    if (got.intent === line.intent || line.also?.includes(got.intent)) {
      count.exact += 1
      continue
    }
    missed.push(`${line.id} ${line.intent} <- ${got.intent} (${got.confidence.toFixed(2)}): ${line.utterance}`)
    if (got.intent !== 'clarify' && got.intent !== 'out_of_scope') count.wrong += 1
    if (isChange(got.intent) || (got.intent === 'multi' && got.asksApproval)) count.change += 1
    if (got.intent === 'approve') count.approval += 1
  }
  return {
    exact: count.exact / lines.length,
    confidentlyWrong: count.wrong / lines.length,
    wrongChange: count.change / lines.length,
    wrongApproval: count.approval,
    report: missed.join('\n'),
  }
}

function expectBar(figures: Omit<ReturnType<typeof measure>, 'report'>): void {
  expect(figures.wrongApproval).toBe(0)
  expect(figures.exact).toBeGreaterThanOrEqual(UNSEEN.exact)
  expect(figures.confidentlyWrong).toBeLessThanOrEqual(UNSEEN.confidentlyWrong)
  expect(figures.wrongChange).toBeLessThanOrEqual(UNSEEN.wrongChange)
}

describe('learning', () => {
  it('generalises to families of templates that it has not seen, and its probabilities are honest', () => {
    const { prepared } = prepare(loadTemplates(root), loadVectors(root))
    const judged = crossValidate(prepared, 3, { epochs: 4, held: 1 })
    const accuracy = templateAccuracy(judged)
    console.log(
      `cross-validated over families of templates: ${(100 * accuracy).toFixed(1)} % exact\nmost frequent confusions\n${confusions(judged).join('\n')}`,
    )
    expect(accuracy).toBeGreaterThanOrEqual(CROSS_VALIDATED - 0.02)
    expect(Math.abs(calibrate(judged) - TEMPERATURE)).toBeLessThanOrEqual(0.25)
  }, 900_000)

  it('keeps the bar on sentences that no file has taught', () => {
    const lines = linesOf('unseen.jsonl')
    expect(lines.length).toBeGreaterThanOrEqual(400)
    const { report, ...figures } = measure(lines)
    console.log(`unseen (${lines.length}): ${JSON.stringify(figures)}\n${report}`)
    expectBar(figures)
  })

  it('keeps the bar on sentences of people who had not seen it', () => {
    const { report, ...figures } = measure(linesOf('voices.jsonl'))
    console.log(`voices: ${JSON.stringify(figures)}\n${report}`)
    expectBar(figures)
  })

  it('keeps the bar on four more sets of people, which were read after they were measured', () => {
    const { report, ...figures } = measure(linesOf('people.jsonl'))
    console.log(`people: ${JSON.stringify(figures)}\n${report}`)
    expectBar(figures)
  })

  // Nobody who works on the planner reads this file or its misses: it only stays a measure of new sentences as long as that holds.
  it('keeps the bar on three sets that nobody here has read', () => {
    const { report: _unread, ...figures } = measure(linesOf('unread.jsonl'))
    console.log(`unread: ${JSON.stringify(figures)}`)
    expectBar(figures)
  })

  it('has not forgotten the sentences that it was developed with', () => {
    const { report, ...figures } = measure(linesOf('development.jsonl'))
    expect(figures.exact, report).toBeGreaterThanOrEqual(0.97)
    expect(figures.wrongApproval).toBe(0)
    expect(figures.wrongChange, report).toBeLessThanOrEqual(0.005)
  })

  it('was not taught the unseen sentences', () => {
    const plain = (text: string): string =>
      normalise(text)
        .toLowerCase()
        .replace(/[^a-z0-9 ]/g, '')
        .replace(/\s+/g, ' ')
        .trim()
    const taught = new Set(expandAll(loadTemplates(root)).map((example) => plain(example.text)))
    // Two words or fewer ("yes", "hello") are said the same way by everybody.
    const known = linesOf('unseen.jsonl').filter(
      (line) => plain(line.utterance).split(' ').length > 3 && taught.has(plain(line.utterance)),
    )
    expect(known.map((line) => line.utterance)).toEqual([])
  })
})

function templateAccuracy(judged: readonly Judged[]): number {
  const byTemplate = new Map<number, { right: number; all: number }>()
  for (const { item, ranked } of judged) {
    const entry = byTemplate.get(item.example.template) ?? { right: 0, all: 0 }
    entry.all += 1
    if (ranked[0]?.label === item.example.intent) entry.right += 1
    byTemplate.set(item.example.template, entry)
  }
  return [...byTemplate.values()].reduce((sum, { right, all }) => sum + right / all, 0) / byTemplate.size
}

function confusions(judged: readonly Judged[]): string[] {
  const counts = new Map<string, number>()
  for (const { item, ranked } of judged) {
    const got = ranked[0]?.label
    if (got !== item.example.intent)
      counts.set(
        `${item.example.intent} read as ${got}`,
        (counts.get(`${item.example.intent} read as ${got}`) ?? 0) + 1,
      )
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 20)
    .map(([pair, n]) => `${String(n).padStart(4)}  ${pair}`)
}

describe('delexicalising', () => {
  it('hides names and keeps wording', () => {
    expect(delexicaliseRaw('Drain node-03 and move train-a to node-05')).toBe('drain zznode and move zzname to zznode')
  })
})
