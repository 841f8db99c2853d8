import { expect, test } from 'vitest'
import { type ReplicaFacts, type StatusInput, workloadStatus } from './workload-status'

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
