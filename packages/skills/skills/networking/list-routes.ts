import { liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import { readWorkload } from '@clawbernetes/services/workloads/read-workload'
import * as z from 'zod'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'

/** Workloads whose endpoints are read in one answer. */
const MAX_READ = 40

const output = z.object({
  routes: z.array(z.object({ host: z.string() })),
  ports: z.array(
    z.object({
      workload: z.string(),
      node: z.string(),
      address: z.string(),
      hostPort: z.number(),
      containerPort: z.number(),
    }),
  ),
  more: z.number(),
})
type Output = z.output<typeof output>

/** There are no routes of our own yet; the ports that replicas opened on their nodes are real, and are told apart. */
export const listRoutes = readTool({
  kind: 'read',
  name: 'list_routes',
  skill: 'networking',
  version: 1,
  title: 'Looked at addresses',
  description: 'Routes to services, and the ports that running workloads opened on their nodes.',
  input: z.object({}),
  output,
  run: async (_, { ctx }: ToolContext): Promise<ToolResult<Output>> => {
    const serving = (await liveWorkloads({ ctx, input: {} })).filter((w) => w.spec.ports.length > 0)
    const details = await Promise.all(
      serving.slice(0, MAX_READ).map((w) => readWorkload({ ctx, input: { workload: w.id } })),
    )
    const ports = details.flatMap((w) =>
      w.replicas
        .filter((r) => !r.closed)
        .flatMap((r) =>
          r.endpoints.map((e) => ({
            workload: w.name,
            node: r.node.name,
            address: e.address,
            hostPort: e.hostPort,
            containerPort: e.containerPort,
          })),
        ),
    )
    const data: Output = { routes: [], ports, more: Math.max(0, serving.length - MAX_READ) }
    return {
      data,
      say: `There are no routes: giving a service an address is not part of this installation yet. ${
        ports.length === 0
          ? 'No running workload has opened a port on its node either.'
          : `${ports.length} port${ports.length === 1 ? ' is' : 's are'} open on nodes: ${ports
              .slice(0, 4)
              .map((p) => `${p.workload} at ${p.address}:${p.hostPort}`)
              .join(', ')}.`
      }`,
      blocks:
        ports.length === 0
          ? []
          : [
              table(
                ports,
                ctx.now(),
                details.some((w) => w.demo),
              ),
            ],
    }
  },
})

const table = (ports: Output['ports'], now: Date, demo: boolean) => ({
  type: 'table' as const,
  title: 'Ports on nodes',
  at: now.toISOString(),
  source: 'what the nodes reported of their replicas',
  href: '/workloads',
  demo,
  columns: [
    { key: 'workload', label: 'Workload', align: 'left' as const, unit: null },
    { key: 'node', label: 'Node', align: 'left' as const, unit: null },
    { key: 'address', label: 'Address', align: 'left' as const, unit: null },
    { key: 'inside', label: 'Port inside', align: 'right' as const, unit: null },
  ],
  rows: ports.slice(0, 60).map((p) => ({
    href: `/workloads/${p.workload}`,
    tone: null,
    cells: { workload: p.workload, node: p.node, address: `${p.address}:${p.hostPort}`, inside: p.containerPort },
  })),
  more: Math.max(0, ports.length - 60),
})
