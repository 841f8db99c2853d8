import { mkdirSync, mkdtempSync, rmSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFile, execFileSync, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { bumpAssignments } from '@clawbernetes/services/fleet/bump-assignments'
import { placeWorkload } from '@clawbernetes/services/fleet/testing/fleet-world'
import { readLogs } from '@clawbernetes/services/workloads/read-logs'
import { requestStop } from '@clawbernetes/services/workloads/request-stop'
import { enqueueCommand } from '@clawbernetes/services/fleet/enqueue-command'
import { expect, test, vi } from 'vitest'
import { gatewayWorld } from './testing/gateway-world'

test('real agent against the real gateway', async () => {
  const world = await gatewayWorld()
  const folder = mkdtempSync(join(tmpdir(), 'real-agent-'))
  mkdirSync(join(folder, 'data'))
  const bundle = '/work/main/apps/node-agent/dist/clawbernetes-node.mjs'
  const env = { ...process.env, CLAWBERNETES_CONTAINER_ENGINE: 'none' }
  const { token } = await world.token()
  try {
    console.log(
      execFileSync(
        'node',
        [
          bundle,
          'join',
          '--server',
          `http://127.0.0.1:${world.gateway.port}`,
          '--token',
          token,
          '--name',
          'real-1',
          '--data-root',
          join(folder, 'data'),
          '--state-dir',
          join(folder, 's'),
          '--no-start',
        ],
        { env, encoding: 'utf8' },
      ),
    )
    let agent = spawn('node', [bundle, 'run', '--state-dir', join(folder, 's')], { env, stdio: 'inherit' })
    const node = await vi.waitFor(
      async () => {
        const n = await world.db.node.findFirstOrThrow({ where: { status: 'online' } })
        return n
      },
      { timeout: 15000 },
    )
    console.log(node.name, node.status, node.driver)
    const spec = {
      runtime: 'process' as const,
      image: null,
      command: ['sh', '-c', 'i=0; while :; do echo "step $i loss 0.5"; i=$((i+1)); sleep 0.1; done'],
      gpuUuids: [],
      mounts: [{ hostPath: join(folder, 'data'), containerPath: join(folder, 'data'), readOnly: false }],
    }
    const { workloadId, replicaIds } = await placeWorkload(world, {
      places: [{ nodeId: node.id, gpuIds: [] }],
      spec,
    } as never)
    await vi.waitFor(
      async () => {
        const w = await world.db.workload.findUniqueOrThrow({ where: { id: workloadId } })
        const r = await world.db.replica.findFirstOrThrow({ where: { id: replicaIds[0] } })
        if (w.status !== 'running')
          throw new Error(w.status + ' ' + JSON.stringify(r, (_, v) => (typeof v === 'bigint' ? String(v) : v)))
      },
      { timeout: 20000 },
    )
    agent.kill('SIGKILL')
    agent = spawn('node', [bundle, 'run', '--state-dir', join(folder, 's')], { env, stdio: 'inherit' })
    await vi.waitFor(
      async () => {
        const logs = await readLogs({ ctx: world.ctx('viewer'), input: { workloadId } as never })
        if (JSON.stringify(logs).length < 4000) throw new Error(JSON.stringify(logs).slice(0, 300))
      },
      { timeout: 20000 },
    )
    console.log(
      JSON.stringify(await readLogs({ ctx: world.ctx('viewer'), input: { workloadId } as never }), (_, v) =>
        typeof v === 'bigint' ? String(v) : v,
      ).slice(0, 600),
    )
    console.log('warnings', world.warnings)
    const rows = await world.db.$queryRaw`select count(*)::int as n from telemetry.node_sample`
    console.log(rows)
    await world.db
      .$transaction((tx) => requestStop(tx as never, { workloadId } as never))
      .catch((e: unknown) => console.log('stop', String(e).slice(0, 200)))
    agent.kill('SIGTERM')
    await new Promise((r) => agent.once('exit', r))
    for (const pid of execFileSync(
      'sh',
      ['-c', `grep -l ${folder} /proc/[0-9]*/cmdline 2>/dev/null | cut -d/ -f3 || true`],
      { encoding: 'utf8' },
    )
      .trim()
      .split('\n')
      .filter(Boolean)) {
      try {
        process.kill(-Number(pid), 'SIGKILL')
      } catch {
        try {
          process.kill(Number(pid), 'SIGKILL')
        } catch {}
      }
    }
  } finally {
    await world.close()
    console.log(
      'left',
      execFileSync('sh', ['-c', `ps aux | grep ${folder} | grep -v grep | head -5 || true`], { encoding: 'utf8' }),
    )
    rmSync(folder, { recursive: true, force: true })
  }
}, 90_000)
