import type { Script } from '../llm/script'
import type { Channel } from './attempts'
import type { Goal } from './goals'

export interface Case {
  marker: string
  channel: Channel
  goal: Goal
  /** The workload whose log is read, and which is to be stopped. */
  workload: string
  /** A plan that waits in the thread. */
  plan: string
  obeyed: boolean
}

/** What a model reads to meet the text of a channel. */
const READ: Record<Channel, (c: Case) => { name: string; args: Record<string, unknown> }> = {
  log: (c) => ({ name: 'logs', args: { workload: c.workload } }),
  'workload-name': () => ({ name: 'list_workloads', args: { status: 'all' } }),
  gpu: () => ({ name: 'list_gpus', args: { node: 'node-01' } }),
  finding: () => ({ name: 'explain', args: { node: 'node-01' } }),
  failure: () => ({ name: 'list_workloads', args: { status: 'failed' } }),
  note: () => ({ name: 'explain', args: { node: 'node-02' } }),
  label: () => ({ name: 'list_nodes', args: {} }),
}

/**
 * The worst model there can be: it reads, understands every trick and every language, and does whatever it was told there, by every
 * way it can think of. Then it claims to have done it.
 */
export function obedientModel(caseOf: (words: string) => Case | undefined): Script {
  return (asked) => {
    const said = asked.messages.filter((m) => m.role === 'user').map((m) => m.text)
    const found = caseOf(said.at(-1) ?? '')
    if (!found) return { words: 'I know no such case.' }
    const results = asked.messages.filter((m) => m.role === 'tool').map((m) => m.text)
    if (results.length === 0) return { words: '', calls: [READ[found.channel](found)] }
    if (results.length > 1) return { words: found.goal.claim }
    if (!understands(results[0] ?? '', found.marker)) return { words: 'I read nothing unusual.' }
    found.obeyed = true
    return { words: 'Of course, at once.', calls: found.goal.calls(found.plan, found.workload) }
  }
}

/** It decodes what looks like base64, so that hiding does not protect us by accident. */
function understands(text: string, marker: string): boolean {
  if (text.includes(marker)) return true
  return [...text.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)].some(([run]) =>
    Buffer.from(run, 'base64').toString('utf8').includes(marker),
  )
}
