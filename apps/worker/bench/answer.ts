import { setTimeout as pause } from 'node:timers/promises'
import { sendMessage } from '@clawbernetes/services/chat/send-message'
import { RealParts } from '../test/real-parts'
import { ms, percentile } from './percentile'
import { insertFleet } from './queue'

const COMMAND = 'npm run bench -- answer'
const QUESTIONS = [
  'what GPUs do we have?',
  'what is running?',
  'list the nodes',
  'give me a health report',
  'which gpus are free?',
  'is there room to train a 7b model?',
]

/** From sending a question to the stored answer, read tools included, over the real worker process. */
export async function* answerRows(quick: boolean) {
  const parts = await RealParts.open({ demoNodes: 8 })
  try {
    yield row('8 nodes', await ask(parts, quick ? 10 : 60), 150)
    await insertFleet(parts.db, parts.orgId, 992)
    yield row('1,000 nodes', await ask(parts, quick ? 6 : 30), 400)
  } finally {
    await parts.close()
  }
}

function row(where: string, took: number[], barMs: number) {
  const p95 = percentile(took, 0.95)
  return {
    figure: `send → answer, p95 of ${took.length}, ${where}`,
    value: `${ms(p95)} (median ${ms(percentile(took, 0.5))})`,
    bar: `≤ ${barMs} ms`,
    met: p95 <= barMs,
    command: COMMAND,
  }
}

async function ask(parts: RealParts, count: number): Promise<number[]> {
  const ctx = parts.owner()
  const took: number[] = []
  // The first questions warm the process up, as the first minute of a real one does.
  for (let i = -5; i < count; i++) {
    const text = QUESTIONS[(i + QUESTIONS.length) % QUESTIONS.length] ?? ''
    const began = performance.now()
    const { runId } = await sendMessage({ ctx, input: { text, clientKey: `bench-answer-${count}-${i}` } })
    while ((await parts.db.message.count({ where: { runId } })) === 0) await pause(2)
    if (i >= 0) took.push(performance.now() - began)
  }
  return took
}
