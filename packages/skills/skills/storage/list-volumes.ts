import type { Block } from '@clawbernetes/protocol/views/blocks'
import { readFleet } from '@clawbernetes/services/placement/read-fleet'
import { liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import * as z from 'zod'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'

const output = z.object({
  volumes: z.array(z.object({ name: z.string() })),
  paths: z.array(
    z.object({
      node: z.string(),
      path: z.string(),
      sizeMib: z.number().nullable(),
      mountedBy: z.array(z.string()),
    }),
  ),
  nodes: z.number(),
})
type Output = z.output<typeof output>

/** Volumes of our own are not there yet; the data paths that nodes report, and who mounts them, are. */
export const listVolumes = readTool({
  kind: 'read',
  name: 'list_volumes',
  skill: 'storage',
  version: 1,
  title: 'Looked at data paths',
  description: 'Volumes, and the data paths on nodes with the workloads that mount them.',
  input: z.object({}),
  output,
  run: async (_, { ctx }: ToolContext): Promise<ToolResult<Output>> => {
    const [fleet, live] = await Promise.all([readFleet({ ctx }), liveWorkloads({ ctx, input: {} })])
    const paths = fleet.nodes.flatMap((node) => {
      const mounts = live.filter((w) => w.nodes.some((n) => n.id === node.id))
      const reported = new Map<string, number | null>(node.dataPaths.map((p) => [p.path, p.sizeMib]))
      for (const w of mounts)
        for (const m of w.spec.mounts) if (!reported.has(m.hostPath)) reported.set(m.hostPath, null)
      return [...reported].map(([path, sizeMib]) => ({
        node: node.name,
        path,
        sizeMib,
        mountedBy: mounts.filter((w) => w.spec.mounts.some((m) => m.hostPath === path)).map((w) => w.name),
      }))
    })
    const nodes = new Set(paths.map((p) => p.node)).size
    const data: Output = { volumes: [], paths, nodes }
    return {
      data,
      say: `There are no volumes: they are not part of this installation yet. ${
        paths.length === 0
          ? 'No node reports a data path either.'
          : `Nodes report ${paths.length} data path${paths.length === 1 ? '' : 's'} on ${nodes} node${nodes === 1 ? '' : 's'}; workloads mount those.`
      }`,
      blocks:
        paths.length === 0
          ? []
          : [
              table(
                paths,
                ctx.now(),
                fleet.nodes.some((n) => n.demo),
              ),
            ],
    }
  },
})

function table(paths: Output['paths'], now: Date, demo: boolean): Block {
  return {
    type: 'table',
    title: 'Data paths on nodes',
    at: now.toISOString(),
    source: 'node inventory and mounts of running workloads',
    href: '/fleet',
    demo,
    columns: [
      { key: 'node', label: 'Node', align: 'left', unit: null },
      { key: 'path', label: 'Path', align: 'left', unit: null },
      { key: 'size', label: 'Size', align: 'right', unit: 'GiB' },
      { key: 'by', label: 'Mounted by', align: 'left', unit: null },
    ],
    rows: paths.slice(0, 60).map((p) => ({
      href: `/nodes/${p.node}`,
      tone: null,
      cells: {
        node: p.node,
        path: p.path,
        size: p.sizeMib === null ? null : Number((p.sizeMib / 1024).toFixed(1)),
        by: p.mountedBy.join(', ') || null,
      },
    })),
    more: Math.max(0, paths.length - 60),
  }
}
