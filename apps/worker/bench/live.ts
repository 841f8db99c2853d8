import { setTimeout as pause } from 'node:timers/promises'
import { readFrame } from '@clawbernetes/services/telemetry/read-frame'
import { RealParts } from '../test/real-parts'
import { ms, percentile } from './percentile'

const COMMAND = 'npm run bench -- live'
const WATCH_MS = 20_000
/** The web process reads a frame this often while somebody watches a large fleet. */
const FRAME_INTERVAL_MS = 5000

/** From the moment a node samples to the moment a frame can show it, and what a frame costs: the two parts of "live". */
export async function* liveRows(quick: boolean) {
  const nodes = quick ? 16 : 100
  const parts = await RealParts.open({ demoNodes: nodes })
  try {
    const delays = await watch(parts)
    const p95 = percentile(delays, 0.95)
    yield {
      figure: `node sample → readable by a frame, p95 of ${delays.length}, ${nodes} nodes`,
      value: `${ms(p95)} (median ${ms(percentile(delays, 0.5))})`,
      bar: `≤ 250 ms, and one frame interval of ${FRAME_INTERVAL_MS / 1000} s`,
      met: p95 <= 250,
      command: COMMAND,
    }
    const frames = await frameTimes(parts)
    yield {
      figure: `one frame of ${nodes * 8} GPUs, median of ${frames.length}`,
      value: ms(percentile(frames, 0.5)),
      bar: '≤ 20 ms',
      met: percentile(frames, 0.5) <= 20,
      command: COMMAND,
    }
  } finally {
    await parts.close()
  }
}

/** Looks at the latest values again and again; a value seen for the first time is as old as its way was long. */
async function watch(parts: RealParts): Promise<number[]> {
  const seen = new Map<number, number>()
  const delays: number[] = []
  const end = Date.now() + WATCH_MS
  while (Date.now() < end) {
    const rows = await parts.db.$queryRaw<{ node: number; at: Date }[]>`select node, at from telemetry.latest`
    const now = Date.now()
    for (const { node, at } of rows) {
      const before = seen.get(node)
      seen.set(node, at.getTime())
      if (before !== undefined && before < at.getTime()) delays.push(now - at.getTime())
    }
    await pause(20)
  }
  return delays
}

async function frameTimes(parts: RealParts): Promise<number[]> {
  const ctx = parts.owner()
  const took: number[] = []
  for (let i = 0; i < 20; i++) {
    const began = performance.now()
    await readFrame({ ctx })
    took.push(performance.now() - began)
  }
  return took
}
