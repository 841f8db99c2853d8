import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { percentile } from './percentile'

const exec = promisify(execFile)

export interface SlurmFigures {
  jobsPerS: number | null
  waitP50Ms: number | null
  /** Why there are none. */
  why: string
}

/** The same trivial jobs through a Slurm that runs here with GPUs configured, eight submitters at a time. Nothing is started or changed. */
export async function slurmPeer(count: number): Promise<SlurmFigures> {
  const up = await exec('scontrol', ['ping'])
    .then(({ stdout }) => /UP/.test(stdout))
    .catch(() => false)
  if (!up) return { jobsPerS: null, waitP50Ms: null, why: 'no Slurm runs here' }
  const dir = await mkdtemp(path.join(tmpdir(), 'clawbernetes-slurm-'))
  try {
    const script = path.join(dir, 'true.sh')
    await writeFile(script, '#!/bin/sh\n:\n', { mode: 0o755 })
    const began = performance.now()
    let next = 0
    const submitter = async () => {
      while (next++ < count)
        await exec('sbatch', ['-Q', '-o', '/dev/null', '--gres=gpu:1', '-c1', '--mem=1', '-J', 'clawbench', script])
    }
    await Promise.all(Array.from({ length: 8 }, submitter))
    const waits: number[] = []
    for (;;) {
      const { stdout } = await exec('squeue', ['-h', '-n', 'clawbench', '-o', '%i'])
      if (stdout.trim() === '') break
      await pause(100)
    }
    const jobsPerS = count / ((performance.now() - began) / 1000)
    const { stdout } = await exec('scontrol', ['show', 'job', '-o'], { maxBuffer: 64 * 1024 * 1024 })
    for (const line of stdout.split('\n').filter((l) => l.includes('JobName=clawbench'))) {
      const at = (key: string) => Date.parse(`${new RegExp(`${key}=(\\S+)`).exec(line)?.[1]}`)
      const wait = at('StartTime') - at('SubmitTime')
      if (Number.isFinite(wait)) waits.push(wait)
    }
    // Slurm tells whole seconds only.
    return { jobsPerS, waitP50Ms: waits.length > 0 ? percentile(waits, 0.5) : null, why: '' }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
