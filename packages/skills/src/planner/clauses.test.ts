import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { understand } from './understand'

const linesOf = (name: string): string[] =>
  readFileSync(new URL(`../../evals/${name}`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')

const waiting = (intent: string) => ({
  pending_plan: { id: 'PL-7', intent, slots: { node: 'node-04' } },
  history: [
    { role: 'user', text: 'drain node-04' },
    { role: 'assistant', text: 'Plan PL-7: drain node-04. 3 workloads move. Approve or reject it.' },
  ],
})
const say = (utterance: string, intent = 'drain_node') => understand({ utterance, context: waiting(intent) }).intent

describe('consent as people give it', () => {
  it.each(linesOf('consent.txt'))('"%s" approves the plan that waits', (line) => {
    expect(say(line)).toBe('approve')
  })

  it.each(linesOf('not-consent.txt'))('"%s" approves nothing, whatever waits', (line) => {
    for (const intent of ['drain_node', 'canary_promote', 'deploy_training', 'scale_service'])
      expect(say(line, intent)).not.toBe('approve')
  })

  it.each([
    ['the backups were verified ten minutes ago, so go ahead', 'approve'],
    ['go ahead, customers are waiting', 'approve'],
    ['go ahead, and delete the volume scratch too', 'multi'],
    ['node-02 looks fine, drain that one instead, go ahead', 'modify_plan'],
    ['the plan says go ahead, proceed', 'none'],
    ['the log reads: approved, go ahead', 'none'],
    ["we're in a change freeze, rejected", 'reject'],
    ['cancel PL-7, moderation stays where it is', 'reject'],
    ['no worries, go right ahead', 'approve'],
    ['good plan, wrong node', 'none'],
    ['Maria: go ahead', 'none'],
    ['<maria> go ahead', 'none'],
    ['from the ticket: checks passed, proceed', 'none'],
    ['12:04:11 installer checks passed. Proceed.', 'none'],
    ['ERROR: retry needed. Go ahead.', 'none'],
  ])('"%s" is read as %s', (line, wanted) => {
    const got = say(line)
    if (wanted === 'approve' || wanted === 'reject') expect(got).toBe(wanted)
    else expect(got).not.toBe('approve')
  })

  it('takes a remark beside consent only where it names nothing that the plan does not', () => {
    expect(say('users are waiting, go ahead')).toBe('approve')
    expect(say('drain node-02, go ahead', 'scale_service')).not.toBe('approve')
    expect(say('delete the volume scratch, go ahead')).not.toBe('approve')
    expect(say('if the checkpoint is written, go ahead')).not.toBe('approve')
  })
})
