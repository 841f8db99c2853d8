import type { FleetSnapshot } from '@clawbernetes/domain/placement/snapshot'
import { considerBlock } from '../../src/registry/consider-block'
import type { Preview } from '../../src/registry/define-tool'

interface Refused {
  /** As it was asked for. */
  line: string
  program: string
  nodes: 'all' | string[]
  considered: Parameters<typeof considerBlock>[0]
  snapshot: FleetSnapshot
}

/**
 * A command without an image is a plain process of the node's own system, and none of these nodes runs those: says so, and
 * offers the same sentence with an image. null: something else is in the way on at least one node.
 */
export function nameAnImage({ line, program, nodes, considered, snapshot }: Refused): Preview | null {
  const asked = considered.map((verdict) => snapshot.nodes.find((node) => node.name === verdict.nodeName))
  const containersOnly = asked.filter(
    (node) =>
      node?.runtimes.some((runtime) => runtime.kind === 'container') &&
      !node.runtimes.some((runtime) => runtime.kind === 'process'),
  )
  if (asked.length === 0 || containersOnly.length < asked.length) return null
  const who =
    asked.length === 1
      ? `${asked[0]?.name} runs`
      : asked.length === 2
        ? 'Both nodes run'
        : `All ${asked.length} nodes run`
  const demo = asked.every((node) => node?.demo) ? ', because demo nodes are simulated' : ''
  const image = /^python[\d.]*$/.test(program.split('/').at(-1) ?? '') ? 'python:3.12-slim' : 'ubuntu:24.04'
  const on = nodes === 'all' ? 'all nodes' : words(nodes)
  return {
    ok: false,
    say: `${who} containers only${demo}, and without an image \`${program}\` would be a plain process of the machine. Name an image that has the program in it: add \`with image ${image}\`, for example. Plain processes run on Linux nodes that you connect.`,
    blocks: [considerBlock(considered, snapshot)],
    options: [{ label: `Run it in ${image}`, send: `run \`${line}\` on ${on} with image ${image}` }],
  }
}

const words = (names: string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
