import type { Inventory, RuntimeInfo } from '@clawbernetes/protocol/node/inventory'
import type { AgentOptions } from '../agent-options'
import { scanDataPaths } from './data-paths'

type Needed = Pick<AgentOptions, 'driver' | 'runtimes' | 'dataRoots' | 'labels' | 'name' | 'address' | 'pathRoot'>

/** Everything this node says of itself, read anew. An engine that does not answer is not offered. */
export async function buildInventory(options: Needed): Promise<Inventory> {
  const [facts, described, dataPaths] = await Promise.all([
    options.driver.facts(),
    Promise.all(options.runtimes.map((runtime) => runtime.describe().catch(() => null))),
    scanDataPaths(options.dataRoots, options.pathRoot),
  ])
  return {
    ...facts,
    name: nodeName(options.name),
    runtimes: described.filter((info): info is RuntimeInfo => info !== null).slice(0, 8),
    labels: options.labels,
    dataRoots: options.dataRoots,
    dataPaths,
    address: options.address ?? null,
  }
}

/** A machine's name as the protocol takes it: lower case letters, digits, dots and hyphens, at most 63. */
export function nodeName(name: string): string {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^[.-]+|[.-]+$/g, '')
  return slug || 'node'
}
