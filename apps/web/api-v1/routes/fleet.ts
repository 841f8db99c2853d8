import { z } from '@hono/zod-openapi'
import { attentionItem } from '@clawbernetes/protocol/views/fleet'
import { findingView } from '@clawbernetes/protocol/views/finding'
import { type GpuView, gpuView } from '@clawbernetes/protocol/views/gpu'
import { nodeDetail, nodeListItem } from '@clawbernetes/protocol/views/node'
import { listFindings } from '@clawbernetes/services/diagnosis/list-findings'
import { fleetSummary } from '@clawbernetes/services/fleet/fleet-summary'
import { listGpus } from '@clawbernetes/services/fleet/list-gpus'
import { listNodes } from '@clawbernetes/services/fleet/list-nodes'
import { readGpu } from '@clawbernetes/services/fleet/read-gpu'
import { readNode } from '@clawbernetes/services/fleet/read-node'
import { type Api, endpoint, named, pageBy, pageOf, pageQuery } from '../endpoint'

const id = z.string().min(1).max(60)
const node = named('NodeListItem', nodeListItem)
const gpu = named('Gpu', gpuView)
const finding = named('Finding', findingView)
const alert = named('Alert', attentionItem)

/** By node, then as the driver counts; the id for two of one index while a card is exchanged. */
const placeOf = (item: GpuView): string => `${item.nodeName} ${String(item.index).padStart(3, '0')} ${item.id}`

export function fleetRoutes(api: Api): void {
  machineRoutes(api)
  healthRoutes(api)
}

function machineRoutes(api: Api): void {
  endpoint(
    api,
    {
      method: 'get',
      path: '/nodes',
      tag: 'Fleet',
      summary: 'List nodes',
      scope: 'read',
      query: pageQuery(500, 100),
      result: pageOf(node),
    },
    async ({ ctx, query }) => pageBy(await listNodes({ ctx }), (item) => item.name, query),
  )
  endpoint(
    api,
    {
      method: 'get',
      path: '/nodes/{nodeId}',
      tag: 'Fleet',
      summary: 'Read a node with its GPUs, findings and replicas',
      scope: 'read',
      params: { nodeId: id },
      result: named('Node', nodeDetail),
    },
    ({ ctx, params }) => readNode({ ctx, input: params }),
  )
  endpoint(
    api,
    {
      method: 'get',
      path: '/gpus',
      tag: 'Fleet',
      summary: 'List GPUs',
      scope: 'read',
      query: { ...pageQuery(1000, 200), nodeId: id.optional() },
      result: pageOf(gpu),
    },
    async ({ ctx, query: { nodeId, ...page } }) => pageBy(await listGpus({ ctx, input: { nodeId } }), placeOf, page),
  )
  endpoint(
    api,
    {
      method: 'get',
      path: '/gpus/{gpuId}',
      tag: 'Fleet',
      summary: 'Read a GPU',
      scope: 'read',
      params: { gpuId: id },
      result: gpu,
    },
    ({ ctx, params }) => readGpu({ ctx, input: params }),
  )
}

function healthRoutes(api: Api): void {
  endpoint(
    api,
    {
      method: 'get',
      path: '/findings',
      tag: 'Health',
      summary: 'List diagnosed facts',
      scope: 'read',
      query: {
        ...pageQuery(500, 100),
        nodeId: id.optional(),
        gpuId: id.optional(),
        state: z.enum(['open', 'cleared', 'all']).default('open'),
      },
      result: pageOf(finding),
    },
    async ({ ctx, query: { limit, after, ...filter } }) =>
      pageBy(await listFindings({ ctx, input: filter }), (item) => item.id, { limit, after }),
  )
  endpoint(
    api,
    {
      method: 'get',
      path: '/alerts',
      tag: 'Health',
      summary: 'What needs attention now, the gravest first',
      scope: 'read',
      result: z.object({ items: z.array(alert), total: z.number().int() }),
    },
    async ({ ctx }) => {
      const { attention, attentionTotal } = await fleetSummary({ ctx })
      return { items: attention, total: attentionTotal }
    },
  )
}
