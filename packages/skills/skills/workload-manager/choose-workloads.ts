import type { LiveWorkload } from '@clawbernetes/services/workloads/live-workloads'
import type { ToolQuestion } from '../../src/registry/define-tool'
import { findWorkload } from './find-workload'

export interface Choice {
  workload?: string | string[]
  kind?: string
  node?: string
  /** "all", or a status: failed, finished … */
  scope?: string
}

export interface Chosen {
  workloads: LiveWorkload[]
  /** What must be typed: the one name, or how many of what. */
  confirmName: string
}

const ENDED: Readonly<Record<string, readonly string[]>> = {
  finished: ['succeeded', 'stopped', 'failed'],
  completed: ['succeeded'],
  failed: ['failed'],
  stopped: ['stopped'],
}

/** One workload by its name, or several by node, kind or state; a question where that is not clear. */
export function chooseWorkloads(
  pool: readonly LiveWorkload[],
  choice: Choice,
  focus: string | undefined,
  verb: string,
): Chosen | { question: ToolQuestion } {
  if (Array.isArray(choice.workload)) return chooseNamed(pool, choice.workload, verb)
  const isSeveral =
    choice.workload === undefined &&
    (choice.scope !== undefined || choice.node !== undefined || choice.kind !== undefined)
  const matching = pool.filter(
    (w) =>
      (!choice.node || w.nodes.some((n) => n.name === choice.node)) &&
      (!choice.kind || w.kind === choice.kind) &&
      (!choice.scope || choice.scope === 'all' || (ENDED[choice.scope] ?? [choice.scope]).includes(w.status)),
  )
  if (!isSeveral) {
    const found = findWorkload(matching, choice.workload ?? focus, verb)
    return 'question' in found ? found : { workloads: [found.workload], confirmName: found.workload.name }
  }
  const [first] = matching
  if (!first) {
    const what = [choice.kind ?? 'workload', choice.node ? `on ${choice.node}` : '', choice.scope ?? '']
      .filter(Boolean)
      .join(' ')
    return { question: { ask: `I see no ${what} to ${verb}.`, slot: 'workload', options: [], blocks: [] } }
  }
  return matching.length === 1
    ? { workloads: matching, confirmName: first.name }
    : { workloads: matching, confirmName: `${verb} ${matching.length} workloads` }
}

/** Each by its name; one that is not there is asked about, so that nothing else is taken for it. */
export function chooseNamed(
  pool: readonly LiveWorkload[],
  names: readonly string[],
  verb: string,
): Chosen | { question: ToolQuestion } {
  const workloads: LiveWorkload[] = []
  for (const name of new Set(names)) {
    const found = findWorkload(pool, name, verb)
    if ('question' in found) return found
    workloads.push(found.workload)
  }
  const [first] = workloads
  return {
    workloads,
    confirmName: workloads.length === 1 && first ? first.name : `${verb} ${workloads.length} workloads`,
  }
}
