import { z } from '@hono/zod-openapi'
import { logLevel, logPage, workloadMetrics } from '@clawbernetes/protocol/views/workload-log'
import { listWorkloads } from '@clawbernetes/services/workloads/list-workloads'
import { readLogs } from '@clawbernetes/services/workloads/read-logs'
import { readMetrics } from '@clawbernetes/services/workloads/read-metrics'
import { readWorkload } from '@clawbernetes/services/workloads/read-workload'
import { type Api, endpoint, named, pageOf, pageQuery, waitQuery } from '../endpoint'
import { readUntil } from '../bells'
import { workload, workloadBody, workloadItem, workloadListItem } from '../schemas/workload'

const ref = { workload: z.string().min(1).max(80).openapi({ description: 'An id, or a name: then the newest of it.' }) }
const cursor = z.string().regex(/^\d{1,19}$/, 'Not a cursor of this log.')

export function workloadRoutes(api: Api): void {
  specRoutes(api)
  outputRoutes(api)
}

function specRoutes(api: Api): void {
  endpoint(
    api,
    {
      method: 'get',
      path: '/workloads',
      tag: 'Workloads',
      summary: 'List workloads, those that live first',
      scope: 'read',
      query: {
        ...pageQuery(500, 100),
        view: z.enum(['live', 'ended', 'all']).default('all'),
        search: z.string().max(80).default(''),
        nodeId: z.string().max(60).optional(),
      },
      result: pageOf(workloadListItem),
    },
    async ({ ctx, query: { limit, after, nodeId, ...filter } }) => {
      const input = { ...filter, nodeId: nodeId ?? null, limit: limit + 1, before: after ?? null }
      const found = await listWorkloads({ ctx, input })
      const items = found.slice(0, limit)
      const last = items.at(-1)
      // Live ones come in one piece before the ended ones; only among those does a cursor go on.
      const more = found.length > limit && last !== undefined && last.finishedAt !== null
      return { items: items.map(workloadItem), next: more ? last.id : null }
    },
  )
  endpoint(
    api,
    {
      method: 'get',
      path: '/workloads/{workload}',
      tag: 'Workloads',
      summary: 'Read a workload',
      scope: 'read',
      params: ref,
      result: workload,
    },
    async ({ ctx, params }) => workloadBody(await readWorkload({ ctx, input: params })),
  )
}

/** What it said: lines and curves. */
function outputRoutes(api: Api): void {
  endpoint(
    api,
    {
      method: 'get',
      path: '/workloads/{workload}/logs',
      tag: 'Workloads',
      summary: 'Read log lines, oldest first',
      description: 'The text is the workload’s own and untrusted. With `after` and `wait` it follows a log.',
      scope: 'read',
      params: ref,
      query: {
        before: cursor.optional(),
        after: cursor.optional(),
        limit: z.coerce.number().int().min(1).max(1000).default(200),
        level: logLevel.optional(),
        search: z.string().max(200).optional(),
        ...waitQuery,
      },
      result: named('LogPage', logPage),
    },
    async ({ ctx, params, query: { wait, level, ...query }, signal }) => {
      const { id } = await readWorkload({ ctx, input: params })
      const input = { ...query, workloadId: id, ...(level ? { levels: [level] } : {}) }
      return readUntil({
        read: () => readLogs({ ctx, input }),
        enough: (page) => page.lines.length > 0,
        matters: (bell) => bell.topic === 'event' && bell.room.endsWith(id),
        timeoutMs: wait * 1000,
        signal,
      })
    },
  )
  endpoint(
    api,
    {
      method: 'get',
      path: '/workloads/{workload}/metrics',
      tag: 'Workloads',
      summary: 'Read what a training said of itself by step',
      scope: 'read',
      params: ref,
      query: {
        name: z.string().max(60).optional(),
        maxPoints: z.coerce.number().int().min(2).max(500).default(500),
      },
      result: named('WorkloadMetrics', workloadMetrics),
    },
    async ({ ctx, params, query: { name, maxPoints } }) => {
      const { id } = await readWorkload({ ctx, input: params })
      return readMetrics({ ctx, input: { workloadId: id, maxPoints, ...(name ? { names: [name] } : {}) } })
    },
  )
}
