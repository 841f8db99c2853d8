import type { Move } from '@clawbernetes/domain/placement/plan-moves'
import type { PlannedStep, StepKind } from '@clawbernetes/protocol/plans/steps'
import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'
import { step } from '../registry/plan-card'

/** What a plan that moves workloads may hold. */
export const MOVE_STEPS = [
  'begin-move',
  'checkpoint-workload',
  'stop-replicas',
  'start-moved',
  'finish-move',
] as const satisfies readonly StepKind[]

const CHECKPOINT_TIMEOUT_MS = 180_000
/** A restart is often asked for because nothing answers any more. */
const RESTART_CHECKPOINT_MS = 60_000
/** Added to the workload's own grace, before the wait for its end is given up. */
const STOP_MARGIN_MS = 60_000
/** Image pull and start included. */
const START_TIMEOUT_MS = 15 * 60_000

export interface MovePlan extends Move {
  /** Writes a checkpoint first; false where it cannot, or a person said no. */
  checkpoints: boolean
  /** A restart with another command line. */
  spec: { before: WorkloadSpec; after: WorkloadSpec } | null
}

type Estimates = Partial<Record<StepKind, number>>

/** Every new place is claimed before anything is stopped: either all of them can go, or none does. */
export const claimSteps = (moves: readonly MovePlan[], estimates: Estimates): PlannedStep[] =>
  moves.map((m) =>
    step(
      'begin-move',
      { workloadId: m.workload.id, name: m.workload.name, from: m.from, to: m.to, spec: m.spec },
      {
        title: isInPlace(m)
          ? `Keep the GPUs of ${m.workload.name}`
          : `Claim ${gpuCount(m)} GPU${gpuCount(m) === 1 ? '' : 's'} on ${nodesTo(m)} for ${m.workload.name}`,
        target: m.workload.name,
        estimateS: estimates['begin-move'],
        note: 'Its old GPUs stay its own until it runs again.',
      },
    ),
  )

/** One workload: saved, ended, started and seen to run; a service the other way round, so that somebody always serves. */
export function moveSteps(m: MovePlan, estimates: Estimates): PlannedStep[] {
  const { id, name, spec } = m.workload
  const graceS = Math.round(spec.stop.graceMs / 1000)
  const stop = step(
    'stop-replicas',
    {
      workloadId: id,
      name,
      replicaIds: m.from.map((r) => r.replicaId),
      timeoutMs: spec.stop.graceMs + STOP_MARGIN_MS,
    },
    {
      title: `End ${name} on ${nodesFrom(m)} (${spec.stop.signal}, ${graceS} s of grace)`,
      target: name,
      estimateS: estimates['stop-replicas'],
      reversible: 'pauses',
      note: 'Its GPUs there stay its own: if it does not start in the new place, it starts here again.',
    },
  )
  const start = step(
    'start-moved',
    { workloadId: id, name, places: m.to, timeoutMs: START_TIMEOUT_MS },
    {
      title: `Start ${name} on ${nodesTo(m)} and see it run`,
      target: name,
      estimateS: estimates['start-moved'],
      reversible: 'pauses',
    },
  )
  const finish = step(
    'finish-move',
    { workloadId: id, name, from: nodesFrom(m), to: nodesTo(m) },
    { title: isInPlace(m) ? `Verify ${name}` : `Free what ${name} held on ${nodesFrom(m)}`, target: name },
  )
  const [first] = m.from
  const save =
    m.checkpoints && first
      ? [
          step(
            'checkpoint-workload',
            {
              workloadId: id,
              name,
              replicaId: first.replicaId,
              nodeIds: newNodes(m, first.nodeId),
              timeoutMs: isInPlace(m) ? RESTART_CHECKPOINT_MS : CHECKPOINT_TIMEOUT_MS,
              required: !isInPlace(m),
            },
            {
              title: `Save a checkpoint of ${name}`,
              target: name,
              estimateS: estimates['checkpoint-workload'],
              note: isInPlace(m)
                ? `If it does not answer within ${RESTART_CHECKPOINT_MS / 1000} s, it goes on from its newest one.`
                : `Waits for a newer, complete one that ${nodesTo(m)} can see, before anything is stopped.`,
            },
          ),
        ]
      : []
  return m.replaceFirst ? [...save, start, stop, finish] : [...save, stop, start, finish]
}

export const isInPlace = (m: Move): boolean => nodesFrom(m) === nodesTo(m) && gpuIds(m.from) === gpuIds(m.to)
export const nodesFrom = (m: Move): string => names(m.from)
export const nodesTo = (m: Move): string => names(m.to)
export const gpuCount = (m: Move): number => m.to.reduce((sum, place) => sum + place.gpuIds.length, 0)

const names = (places: readonly { nodeName: string }[]): string =>
  [...new Set(places.map((p) => p.nodeName))].sort().join(', ')
const gpuIds = (places: readonly { gpuIds: string[] }[]): string =>
  places
    .flatMap((p) => p.gpuIds)
    .sort()
    .join()
const newNodes = (m: Move, source: string): string[] =>
  [...new Set(m.to.map((p) => p.nodeId))].filter((nodeId) => nodeId !== source)
