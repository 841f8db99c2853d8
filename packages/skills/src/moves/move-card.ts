import { usd } from '@clawbernetes/domain/market/price'
import type { Stuck } from '@clawbernetes/domain/placement/plan-moves'
import type { FleetSnapshot } from '@clawbernetes/domain/placement/snapshot'
import type { PlanContent, PlanFact } from '@clawbernetes/protocol/plans/content'
import type { Block } from '@clawbernetes/protocol/views/blocks'
import type { LiveWorkload } from '@clawbernetes/services/workloads/live-workloads'
import { freePlaceFacts } from '../registry/place-facts'
import { costOfPlaces } from '../registry/price'
import { gpuCount, isInPlace, type MovePlan, nodesFrom, nodesTo } from './move-steps'

/** What must still be so when workloads are moved: they run where they do, unchanged, and their new places are free. */
export function moveFacts(
  moves: readonly MovePlan[],
  live: readonly LiveWorkload[],
  snapshot: FleetSnapshot,
): PlanFact[] {
  return moves.flatMap((m): PlanFact[] => {
    const { id, name } = m.workload
    const revision = live.find((w) => w.id === id)?.revision ?? 0
    const where = [...new Set(m.workload.replicas.map((r) => r.nodeName))].sort().join(', ')
    const own = new Set(m.from.flatMap((place) => place.gpuIds))
    const fresh = m.to.filter(
      (place) => place.gpuIds.some((g) => !own.has(g)) || !m.from.some((f) => f.nodeId === place.nodeId),
    )
    return [
      { kind: 'workload-live', id, value: true, text: `${name} is wanted` },
      { kind: 'workload-revision', id, value: revision, text: `Revision of ${name}` },
      { kind: 'workload-nodes', id, value: where, text: `Where ${name} runs` },
      ...freePlaceFacts(
        fresh.map((place) => ({ ...place, gpuIds: place.gpuIds.filter((g) => !own.has(g)) })),
        snapshot,
      ),
    ]
  })
}

/** Before and after of each workload: node, GPU model, and the step it goes on from. */
export function moveChanges(moves: readonly MovePlan[], steps: ReadonlyMap<string, number>): PlanContent['changes'] {
  return moves.flatMap((m) => {
    const { name } = m.workload
    const rows = isInPlace(m)
      ? []
      : [
          {
            label: name,
            before: `${nodesFrom(m)}${model(m.modelFrom, m)}`,
            after: `${nodesTo(m)}${model(m.modelTo, m)}`,
          },
        ]
    return [...rows, { label: `${name} goes on from`, before: progressWords(m, steps), after: resumeWords(m) }]
  })
}

const model = (gpuModel: string | null, m: MovePlan): string => (gpuModel ? `, ${gpuCount(m)} × ${gpuModel}` : '')

const progressWords = (m: MovePlan, steps: ReadonlyMap<string, number>): string => {
  const at = steps.get(m.workload.id)
  return at === undefined ? 'running' : `step ${at.toLocaleString('en')}`
}

function resumeWords(m: MovePlan): string {
  if (m.replaceFirst) return 'its replacement, ready before the old one ends'
  if (m.checkpoints)
    return isInPlace(m)
      ? 'the checkpoint that this plan saves first, or the newest one if it does not answer'
      : 'the checkpoint that this plan saves first'
  if (m.workload.spec.checkpoint) return 'the newest checkpoint that is there'
  return 'the beginning: it keeps no checkpoints'
}

/** What people should know before they say yes. */
export function moveWarnings(moves: readonly MovePlan[]): string[] {
  const list: string[] = []
  for (const m of moves) {
    const { name, spec } = m.workload
    if (!m.replaceFirst && !spec.checkpoint)
      list.push(`${name} keeps no checkpoints: it starts again from the beginning.`)
    else if (!m.replaceFirst && !m.checkpoints)
      list.push(`${name} is not saved first: what it did since its last checkpoint is lost.`)
    if (m.modelFrom && m.modelTo && m.modelFrom !== m.modelTo)
      list.push(`${name} changes from ${m.modelFrom} to ${m.modelTo}: speed, memory and numerics differ.`)
    if (spec.gang && spec.replicas > 1)
      list.push(`${name} is one gang: all its ${spec.replicas} ranks restart together.`)
  }
  return list.slice(0, 8)
}

/** Change of the running rate with its arithmetic; unknown as soon as one node has no price. */
export function moveCost(moves: readonly MovePlan[], snapshot: FleetSnapshot): PlanContent['cost'] {
  let total = 0
  const parts: string[] = []
  for (const m of moves) {
    const [before, after] = [costOfPlaces(m.from, snapshot), costOfPlaces(m.to, snapshot)]
    if (before.perHourMicroUsd === null || after.perHourMicroUsd === null)
      return {
        perHourMicroUsd: null,
        oneOffMicroUsd: 0,
        arithmetic: before.perHourMicroUsd === null ? before.arithmetic : after.arithmetic,
      }
    total += after.perHourMicroUsd - before.perHourMicroUsd
    parts.push(`${m.workload.name} ${usd(before.perHourMicroUsd)}/h → ${usd(after.perHourMicroUsd)}/h`)
  }
  const shown = parts.slice(0, 3).join('; ')
  const rest = parts.length > 3 ? `; ${parts.length - 3} more` : ''
  const sign = total > 0 ? '+' : ''
  return {
    perHourMicroUsd: total,
    oneOffMicroUsd: 0,
    arithmetic: parts.length === 0 ? 'nothing runs there' : `${shown}${rest}: ${sign}${usd(total)}/h`,
  }
}

export const affected = (
  moves: readonly MovePlan[],
  live: readonly LiveWorkload[],
): PlanContent['affects']['workloads'] =>
  moves.map(({ workload }) => ({
    id: workload.id,
    name: workload.name,
    owner: live.find((w) => w.id === workload.id)?.owner.name ?? 'Someone',
  }))

/** Nodes that say the same stand in one line. */
function byReason(considered: Stuck['considered']): { label: string; verdict: 'yes' | 'no'; reason: string }[] {
  const groups = new Map<string, { names: string[]; fits: boolean; reason: string }>()
  for (const { nodeName, fits, reason } of considered) {
    const group = groups.get(`${fits} ${reason}`) ?? { names: [], fits, reason }
    group.names.push(nodeName)
    groups.set(`${fits} ${reason}`, group)
  }
  return [...groups.values()].map(({ names, fits, reason }) => ({
    label: names.length <= 6 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`,
    verdict: fits ? 'yes' : 'no',
    reason,
  }))
}

/** Why a workload has no place: one line for all nodes of which the same holds. */
export function stuckBlocks(stuck: readonly Stuck[], snapshot: FleetSnapshot): Block[] {
  return stuck.slice(0, 4).map(({ workload, considered }) => ({
    type: 'reasons',
    title: `Where ${workload.name} could go`,
    at: snapshot.at,
    source: 'placement',
    href: '/fleet',
    demo: snapshot.nodes.some((n) => n.demo),
    items: byReason(considered).slice(0, 60),
  }))
}
