/**
 * What the agent is doing about one replica. The journal keeps the state; the runtime keeps what really runs.
 *
 *   idle     --start-->   starting      nothing runs yet: the start is on disk before it is asked for
 *   idle     --adopt-->   live          it runs already: an earlier agent process started it
 *   idle     --retry-->   backoff       found ended, or not startable just now; its restart policy gives it another go
 *   idle     --end-->     ended         found ended for good, or refused before the start
 *   starting --observe--> live
 *   starting --retry-->   backoff
 *   starting --end-->     ended
 *   starting --stop-->    stopping
 *   live     --retry-->   backoff
 *   live     --end-->     ended
 *   live     --stop-->    stopping
 *   backoff  --due-->     starting
 *   backoff  --adopt-->   live          the start that seemed to fail had worked
 *   backoff  --stop-->    ended
 *   stopping --end-->     ended
 *   ended    --replace--> idle          a newer generation takes its place
 *   ended    --forget-->  forgotten     the control plane dropped it and has its last status
 */
export const REPLICA_TRANSITIONS = {
  idle: { start: 'starting', adopt: 'live', retry: 'backoff', end: 'ended' },
  starting: { observe: 'live', retry: 'backoff', end: 'ended', stop: 'stopping' },
  live: { retry: 'backoff', end: 'ended', stop: 'stopping' },
  backoff: { due: 'starting', adopt: 'live', stop: 'ended' },
  stopping: { end: 'ended' },
  ended: { replace: 'idle', forget: 'forgotten' },
  forgotten: {},
} as const

export type ReplicaState = keyof typeof REPLICA_TRANSITIONS
export type ReplicaEvent = 'start' | 'adopt' | 'observe' | 'retry' | 'due' | 'stop' | 'end' | 'replace' | 'forget'

/** The state after an event; throws for a move that the table does not have, which is a fault of the caller. */
export function nextState(state: ReplicaState, event: ReplicaEvent): ReplicaState {
  const next = (REPLICA_TRANSITIONS[state] as Partial<Record<ReplicaEvent, ReplicaState>>)[event]
  if (!next) throw new Error(`A replica that is ${state} cannot ${event}.`)
  return next
}
