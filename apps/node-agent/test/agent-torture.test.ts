import type { Assignment } from '@clawbernetes/protocol/node/replica'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { assignment, Rig } from './rig'
import { waitFor } from './wait-for'

let rig: Rig
beforeEach(() => {
  rig = new Rig()
})
afterEach(() => rig.close())

/** A small generator with a seed, so that a failure can be played again. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const IDS = ['rep_a', 'rep_b', 'rep_c', 'rep_d']

/** Replicas of ours that really live, as "id@generation". */
const alive = async () =>
  (await rig.runtime.list())
    .filter((seen) => seen.phase === 'ready')
    .map((seen) => `${seen.key.replicaId}@${seen.key.generation}`)

it.each([1, 2, 3, 4])(
  'ends with exactly what is wanted after any row of troubles (seed %i)',
  async (seed) => {
    const pick = random(seed)
    const generations = new Map(IDS.map((id) => [id, 1]))
    let list: Assignment[] = []
    /** How often each replica was asked for anew: so often it may start, and no more. */
    const asked = new Map(IDS.map((id) => [id, 0]))
    const want = (next: Assignment[]) => {
      const running = (l: Assignment[]) =>
        new Set(l.filter((a) => a.desired === 'run').map((a) => `${a.replicaId} ${a.generation}`))
      const before = running(list)
      for (const a of next)
        if (running([a]).size > 0 && !before.has(`${a.replicaId} ${a.generation}`))
          asked.set(a.replicaId, (asked.get(a.replicaId) ?? 0) + 1)
      list = next
      rig.gateway.list = list
      rig.gateway.version += 1
    }
    const make = (id: string): Assignment => {
      const generation = generations.get(id) ?? 1
      const desired = pick(5) === 0 ? 'stop' : 'run'
      return assignment(id, { generation, desired })
    }
    const troubles: (() => unknown)[] = [
      () => {
        want(IDS.filter(() => pick(3) > 0).map(make))
        return rig.gateway.online ? rig.gateway.push(list).catch(() => null) : null
      },
      () => {
        const id = IDS[pick(IDS.length)] ?? 'rep_a'
        generations.set(id, (generations.get(id) ?? 1) + 1)
      },
      () => {
        for (const socket of rig.gateway.sockets) socket.disconnect(true)
      },
      () => void rig.gateway.mute.add(['replica-status', 'logs', 'telemetry', 'command-result'][pick(4)] ?? 'logs'),
      () => rig.gateway.mute.clear(),
      async () => {
        await rig.agent?.stop()
        await rig.start()
      },
      () => {
        rig.runtime.down = pick(2) === 0
      },
    ]
    await rig.online()
    for (let step = 0; step < 40; step++) {
      await troubles[pick(troubles.length)]?.()
      await new Promise((resolve) => setTimeout(resolve, pick(60)))
    }
    rig.runtime.down = false
    rig.gateway.mute.clear()
    // One goes on in its generation, whatever became of it; the others are new.
    want(IDS.slice(0, 3).map((id, i) => assignment(id, { generation: (generations.get(id) ?? 1) + Math.min(i, 1) })))
    await waitFor(
      'the last list to be taken',
      async () => rig.gateway.online && (await rig.gateway.push(list).catch(() => null)),
    )
    const wanted = list.map((a) => `${a.replicaId}@${a.generation}`)
    await waitFor(
      `${wanted.join(', ')} to live and nothing else`,
      async () => [...(await alive())].sort((a, b) => a.localeCompare(b)).join() === wanted.join(),
      40_000,
    )
    await waitFor(
      'the gateway to know',
      () =>
        list.every((a) => {
          const status = rig.gateway.status(a.replicaId)
          return status?.generation === a.generation && status.phase === 'ready'
        }),
      40_000,
    )
    for (const id of IDS) expect(rig.runtime.starts(id)).toBeLessThanOrEqual(asked.get(id) ?? 0)
    expect(rig.gateway.malformed).toEqual([])
  },
  90_000,
)
