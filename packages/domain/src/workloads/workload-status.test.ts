import { describe, expect, test } from 'vitest'
import {
  currentReplicas,
  type ReplicaFacts,
  type ReplicaRow,
  type StatusInput,
  workloadStatus,
} from './workload-status'

const replica = (phase: ReplicaFacts['phase'], over: Partial<ReplicaFacts> = {}): ReplicaFacts => ({
  ordinal: 0,
  attempt: 1,
  phase,
  exitCode: null,
  oomKilled: null,
  reason: null,
  ...over,
})
const status = (kind: StatusInput['kind'], replicas: ReplicaFacts[], over: Partial<StatusInput> = {}) =>
  workloadStatus({ desired: 'run', kind, replicasWanted: Math.max(1, replicas.length), replicas, ...over })

test('a training goes from pending over placed and starting to running and succeeded', () => {
  const phases: ReplicaFacts['phase'][] = ['assigned', 'pulling', 'starting', 'ready']
  expect(status('training', []).status).toBe('pending')
  expect(phases.map((phase) => status('training', [replica(phase)]).status)).toEqual([
    'placed',
    'starting',
    'starting',
    'running',
  ])
  expect(status('training', [replica('exited', { exitCode: 0 })]).status).toBe('succeeded')
})

test('one failed rank fails the gang and says why', () => {
  const verdict = status('training', [
    replica('ready'),
    replica('exited', { ordinal: 1, exitCode: 137, oomKilled: true }),
  ])
  expect(verdict).toEqual({ status: 'failed', reason: 'Replica 1 was killed for memory (OOM).' })
})

test('a killed process without an exit code has not succeeded', () => {
  expect(status('job', [replica('exited', { exitCode: null })]).status).toBe('failed')
})

test('a batch runs on while other shards run, and tells of the failure at the end', () => {
  const failed = replica('failed', { ordinal: 1, reason: 'The image is not there.' })
  expect(status('batch', [replica('running'), failed]).status).toBe('running')
  expect(status('batch', [replica('exited', { exitCode: 0 }), failed])).toEqual({
    status: 'failed',
    reason: 'The image is not there.',
  })
})

test('a service is degraded while some replicas are ready, running when all are', () => {
  expect(status('service', [replica('ready'), replica('starting', { ordinal: 1 })]).status).toBe('degraded')
  expect(status('service', [replica('ready'), replica('ready', { ordinal: 1 })]).status).toBe('running')
  expect(status('service', [replica('running')]).status).toBe('starting')
  expect(status('service', [replica('exited', { exitCode: 0 })]).status).toBe('failed')
})

test('a stop is over only when every replica has ended', () => {
  expect(
    status('training', [replica('stopping'), replica('exited', { exitCode: 143 })], { desired: 'stop' }).status,
  ).toBe('stopping')
  expect(status('training', [replica('exited', { exitCode: 143 })], { desired: 'stop' }).status).toBe('stopped')
  expect(status('service', [], { desired: 'stop' }).status).toBe('stopped')
})

test('only the newest attempt counts', () => {
  const old = replica('failed', { attempt: 1 })
  expect(status('training', [old, replica('ready', { attempt: 2 })], { replicasWanted: 1 }).status).toBe('running')
})

test('between two places it is starting, whatever its old replica came to; only an end with 0 counts', () => {
  const moving = { moving: true, replicasWanted: 1 }
  expect(status('training', [], moving)).toEqual({
    status: 'starting',
    reason: 'It is on its way to another place.',
  })
  expect(status('job', [replica('failed', { reason: 'No image.' })], moving)).toEqual({
    status: 'starting',
    reason: 'No image.',
  })
  expect(status('job', [replica('exited', { exitCode: 0 })], moving).status).toBe('succeeded')
  expect(status('training', [replica('running')], moving).status).toBe('running')
})

describe('the replica that speaks for a place', () => {
  const row = (id: string, over: Partial<ReplicaRow>): ReplicaRow & { id: string } => ({
    ...replica('running'),
    id,
    desired: 'run',
    open: true,
    createdAtMs: 1,
    ...over,
  })
  const ids = (rows: (ReplicaRow & { id: string })[], workload = { desired: 'run', moving: false }) =>
    currentReplicas(rows, workload).map((r) => r.id)

  test('is the one that is wanted and open, then the newest', () => {
    const old = row('old', { open: false, phase: 'failed' })
    const now = row('now', { attempt: 2, createdAtMs: 2 })
    expect(ids([old, now])).toEqual(['now'])
    // A replacement that failed and was told to end says nothing over the old one that still runs.
    expect(ids([row('here', {}), row('there', { desired: 'stop', createdAtMs: 2 })])).toEqual(['here'])
  })

  test('of a workload on the move is never the one that is being ended', () => {
    expect(ids([row('old', { desired: 'stop' })], { desired: 'run', moving: true })).toEqual([])
    expect(ids([row('old', { open: false })], { desired: 'run', moving: true })).toEqual([])
  })

  test('of a workload that is to stop is whatever is still open', () => {
    const closed = row('closed', { open: false, phase: 'exited' })
    const open = row('open', { desired: 'stop', createdAtMs: 2 })
    expect(ids([closed, open], { desired: 'stop', moving: true })).toEqual(['open'])
  })
})
