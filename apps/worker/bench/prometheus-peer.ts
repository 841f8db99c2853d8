import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchNode } from './bench-fleet'
import { benchSample } from './bench-samples'
import { processCpuS } from './cpu-clock'

export type PrometheusFigures = { cpuUsPerSample: number; why: null } | { cpuUsPerSample: null; why: string }

/** The same fleet scraped by a Prometheus of this machine, every ten seconds; left out, with the reason, where there is none. */
export async function prometheusScrape(nodes: BenchNode[], forMs: number): Promise<PrometheusFigures> {
  const byPath = new Map(nodes.map((node) => [`/node/${node.num}`, node]))
  const exporter = createServer((request, response) => {
    const node = byPath.get(request.url ?? '')
    response.end(node ? exposition(node) : '')
  })
  await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve))
  const { port } = exporter.address() as AddressInfo
  const folder = await mkdtemp(join(tmpdir(), 'clawbernetes-prometheus-'))
  try {
    await writeFile(join(folder, 'prometheus.yml'), config(nodes, port))
    const listen = `127.0.0.1:${20_000 + Math.floor(Math.random() * 20_000)}`
    const args = [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${listen}`,
      '--log.level=error',
    ]
    const child = spawn('prometheus', args, { stdio: 'ignore' })
    const started = await new Promise<boolean>((resolve) => {
      child.once('error', () => resolve(false))
      child.once('spawn', () => resolve(true))
    })
    if (!started || child.pid === undefined) return { cpuUsPerSample: null, why: 'not installed' }
    try {
      // The first round connects to every target; it is not counted.
      await sleep(15_000)
      const before = { cpu: await processCpuS(child.pid), samples: await appended(listen) }
      await sleep(forMs)
      const after = { cpu: await processCpuS(child.pid), samples: await appended(listen) }
      if (before.cpu === null || after.cpu === null || after.samples <= before.samples)
        return { cpuUsPerSample: null, why: 'it did not scrape' }
      return { cpuUsPerSample: ((after.cpu - before.cpu) / (after.samples - before.samples)) * 1e6, why: null }
    } finally {
      child.kill('SIGKILL')
    }
  } finally {
    exporter.close()
    exporter.closeAllConnections()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function exposition(node: BenchNode): string {
  const { gpus, host } = benchSample(node, Date.now())
  const ofGpus = gpus.flatMap((gpu) =>
    (
      ['utilPct', 'memUtilPct', 'memUsedMib', 'tempC', 'tempMarginC', 'powerW', 'smClockMhz', 'throttleMask'] as const
    ).map((name) => `gpu_${name}{gpu="${gpu.uuid}"} ${gpu[name]}`),
  )
  return `${[...ofGpus, ...Object.entries(host).map(([name, value]) => `host_${name} ${value}`)].join('\n')}\n`
}

function config(nodes: BenchNode[], port: number): string {
  const targets = nodes.map(
    (node) =>
      `      - targets: ['127.0.0.1:${port}']\n        labels: { __metrics_path__: '/node/${node.num}', node: '${node.num}' }`,
  )
  return `global:\n  scrape_interval: 10s\nscrape_configs:\n  - job_name: fleet\n    static_configs:\n${targets.join('\n')}\n`
}

async function appended(listen: string): Promise<number> {
  const text = await (await fetch(`http://${listen}/metrics`)).text()
  return Number(/^prometheus_tsdb_head_samples_appended_total(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1] ?? 0)
}
