import type { LiveWorkload } from '@clawbernetes/services/workloads/live-workloads'
import type { ToolQuestion } from '../../src/registry/define-tool'
import { findWorkload } from './find-workload'
import { ownedBy } from './owned-by'

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
  /** A person was named whose workloads these are: no argument says so, so a plan must name each. */
  isByOwner?: boolean
}

const ENDED: Readonly<Record<string, readonly string[]>> = {
  finished: ['succeeded', 'stopped', 'failed'],
  completed: ['succeeded'],
  failed: ['failed'],
  stopped: ['stopped'],
}

/** What a plan stores: each by name where it is one, or where a person was named. */
export function chosenArgs<A extends object>(
  { workloads, isByOwner }: Chosen,
  args: A,
): A | { workload: string | string[] } {
  const [only] = workloads
  if (workloads.length === 1 && only) return { workload: only.name }
  return isByOwner ? { workload: workloads.map((w) => w.name) } : args
}

/** One workload by its name, or several by node, kind or state; a question where that is not clear. */
export function chooseWorkloads(
  pool: readonly LiveWorkload[],
  choice: Choice,
  { focus, text }: { focus: string | undefined; text: string },
  verb: string,
): Chosen | { question: ToolQuestion } {
  if (Array.isArray(choice.workload)) return chooseNamed(pool, choice.workload, verb)
  const isSeveral =
    choice.workload === undefined &&
    (choice.scope !== undefined || choice.node !== undefined || choice.kind !== undefined)
  const { workloads: theirs, owners } = isSeveral ? ownedBy(pool, text) : { workloads: pool, owners: [] }
  const matching = theirs.filter(
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
    const what = [
      choice.kind ?? 'workload',
      choice.node ? `on ${choice.node}` : '',
      choice.scope ?? '',
      owners.length > 0 ? `of ${owners.join(' and ')}` : '',
    ]
      .filter(Boolean)
      .join(' ')
    return { question: { ask: `I see no ${what} to ${verb}.`, slot: 'workload', options: [], blocks: [] } }
  }
  const isByOwner = owners.length > 0
  return matching.length === 1
    ? { workloads: matching, confirmName: first.name, isByOwner }
    : { workloads: matching, confirmName: `${verb} ${matching.length} workloads`, isByOwner }
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
