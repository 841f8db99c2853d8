import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DIALOGUE_CONTEXTS, INTENT_CONTEXTS } from '../../evals/dialogue-contexts'
import { isChange } from './tools-table'
import { understand } from './understand'

const read = (name: string): string => readFileSync(new URL(`../../evals/${name}`, import.meta.url), 'utf8')

interface Dialogue {
  id: string
  turns: {
    user: string
    expected_intent: string
    expected_slots: Record<string, unknown>
    must_ask_approval: boolean
  }[]
}

describe('the use cases as dialogues', () => {
  const dialogues = read('dialogues.jsonl')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Dialogue)
  for (const dialogue of dialogues) {
    dialogue.turns.forEach((turn, i) => {
      it(`${dialogue.id} turn ${i + 1}: "${turn.user}" is ${turn.expected_intent}`, () => {
        const understanding = understand({ utterance: turn.user, context: DIALOGUE_CONTEXTS[dialogue.id]?.[i] ?? null })
        expect(understanding.intent).toBe(turn.expected_intent)
        expect(understanding.slots).toMatchObject(turn.expected_slots)
        expect(understanding.asksApproval).toBe(turn.must_ask_approval)
      })
    })
  }
})

describe('the example utterances', () => {
  const byIntent = new Map<string, string[]>()
  let intent = ''
  for (const line of read('seed-utterances.txt').split('\n')) {
    const header = /^\[(\w+)\]$/.exec(line)
    if (header?.[1] !== undefined) intent = header[1]
    else if (line !== '' && !line.startsWith('#')) byIntent.set(intent, [...(byIntent.get(intent) ?? []), line])
  }

  it('are understood at least 19 times in 20, and almost never as another change', () => {
    const wrong: string[] = []
    const changes: string[] = []
    let total = 0
    for (const [expected, utterances] of byIntent) {
      for (const utterance of utterances) {
        total += 1
        const got = understand({ utterance, context: INTENT_CONTEXTS[expected] ?? null }).intent
        if (got === expected) continue
        wrong.push(`${expected} <- ${got}: ${utterance}`)
        if (isChange(got)) changes.push(`${expected} <- ${got}: ${utterance}`)
      }
    }
    expect(total).toBeGreaterThan(420)
    expect(wrong.length / total, wrong.join('\n')).toBeLessThanOrEqual(0.05)
    expect(changes.length / total, changes.join('\n')).toBeLessThanOrEqual(0.01)
  })
})
