import type { NamedWindow } from '@clawbernetes/protocol/policy/org-policy'
import type { EffectivePolicy } from './effective-policy'
import { edgesAfter, isInside, windowWords } from './weekly-window'

export interface WindowTarget {
  labels: Readonly<Record<string, string>>
}

/** When a change may start. `opensAtMs` null: not within the next nine days. */
export type StartWindow =
  | { open: true }
  | { open: false; opensAtMs: number | null; name: string; hours: string; kind: 'maintenance' | 'quiet' }

const fits = (window: NamedWindow, target: WindowTarget): boolean =>
  window.labels === null || Object.entries(window.labels).every(([key, value]) => target.labels[key] === value)

/**
 * May a change to these nodes start at this moment? Nodes that no maintenance window speaks of are free; quiet windows close
 * for every node that they fit. A change of nothing on nodes never waits: pass no targets.
 */
export function startWindow(
  policy: Pick<EffectivePolicy, 'maintenance' | 'quiet'>,
  targets: readonly WindowTarget[],
  atMs: number,
): StartWindow {
  const needed = targets.map((target) => policy.maintenance.filter((w) => fits(w, target))).filter((w) => w.length > 0)
  const quiet = policy.quiet.filter((w) => targets.some((target) => fits(w, target)))
  const free = (ms: number): boolean =>
    needed.every((windows) => windows.some((w) => isInside(w, ms))) && !quiet.some((w) => isInside(w, ms))
  if (free(atMs)) return { open: true }
  const all = [...new Set([...needed.flat(), ...quiet])]
  const edges = all.flatMap((w) => edgesAfter(w, atMs)).sort((a, b) => a - b)
  const shutBy = quiet.find((w) => isInside(w, atMs))
  const named = shutBy ?? needed.find((windows) => !windows.some((w) => isInside(w, atMs)))?.[0]
  return {
    open: false,
    opensAtMs: edges.find((edge) => free(edge)) ?? null,
    name: named?.name ?? '',
    hours: named ? windowWords(named) : '',
    kind: shutBy ? 'quiet' : 'maintenance',
  }
}
