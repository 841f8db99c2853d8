import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { engine, enginesSeen, gpuForContainers } from '../doctor/engine-checks'
import type { Finding } from '../doctor/finding'
import { gateway } from '../doctor/gateway-checks'
import { cgroups, disk, gpuDriver, gpusOnBus, kernelLog, nodeVersion, writable } from '../doctor/machine-checks'
import { loadIdentity } from '../state/identity'
import { loadSettings } from '../state/settings'
import { commonArguments } from './arguments'

const SIGN = { ok: 'ok  ', warn: 'warn', fail: 'FAIL', skip: '-   ' } as const

/** `doctor`: what is missing on this machine, each with the line that mends it. Exit code 1 when something is broken. */
export async function doctor(argv: string[]): Promise<number> {
  const { stateDir, json, server } = commonArguments(argv)
  const findings = await examine(stateDir, server)
  if (json) process.stdout.write(`${JSON.stringify({ findings })}\n`)
  else process.stdout.write(`${findings.map(line).join('\n')}\n`)
  return findings.some((finding) => finding.state === 'fail') ? 1 : 0
}

export async function examine(stateDir: string, server: string | null): Promise<Finding[]> {
  const identity = await loadIdentity(stateDir).catch(() => null)
  const settings = await loadSettings(stateDir).catch(() => null)
  const dataRoots = settings?.dataRoots ?? []
  const onBus = gpusOnBus()
  const [driver, engines, kernel, net] = await Promise.all([
    gpuDriver(onBus),
    enginesSeen(),
    kernelLog(),
    gateway(server ?? identity?.gatewayUrl ?? null),
  ])
  const state = nearest(stateDir)
  return [
    nodeVersion(),
    driver,
    engine(engines),
    await gpuForContainers(onBus.nvidia > 0 || (driver.state === 'ok' && driver.summary.startsWith('NVIDIA')), engines),
    kernel,
    cgroups(),
    writable(state, 'The state folder'),
    ...(await Promise.all([...new Set([state, ...dataRoots])].map(disk))),
    ...dataRoots.filter((root) => existsSync(root)).map((root) => writable(root, 'The data root')),
    ...net,
  ]
}

const line = (finding: Finding): string =>
  `${SIGN[finding.state]}  ${finding.summary}${finding.fix ? `\n        fix: ${finding.fix}` : ''}`

/** The folder itself or, before `join` made it, its nearest existing parent. */
const nearest = (path: string): string => (existsSync(path) || dirname(path) === path ? path : nearest(dirname(path)))
