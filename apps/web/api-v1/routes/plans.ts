import { z } from '@hono/zod-openapi'
import { isFinal } from '@clawbernetes/domain/plans/plan-machine'
import { decide, decideInput } from '@clawbernetes/services/approvals/decide'
import { cancelPlan } from '@clawbernetes/services/plans/cancel-plan'
import { listPlans } from '@clawbernetes/services/plans/list-plans'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { requestUndo } from '@clawbernetes/services/plans/request-undo'
import { readUntil } from '../bells'
import { type Api, endpoint, pageOf, pageQuery, waitQuery } from '../endpoint'
import { decided, plan, planBody, planListItem } from '../schemas/plan'

const ref = { plan: z.string().min(1).max(60).openapi({ description: 'An id, or a label such as PL-204.' }) }
const MAX_WAITING = 200

export function planRoutes(api: Api): void {
  readRoutes(api)
  decisionRoutes(api)
}

function readRoutes(api: Api): void {
  endpoint(
    api,
    {
      method: 'get',
      path: '/plans',
      tag: 'Plans',
      summary: 'List plans',
      description: 'Waiting plans come soonest to expire first and in one page, all others newest first.',
      scope: 'read',
      query: {
        ...pageQuery(200, 50),
        view: z.enum(['waiting', 'active', 'decided', 'all']).default('all'),
        threadId: z.string().max(60).optional(),
        undoOf: z.string().max(60).optional().openapi({ description: 'Id of a plan: those that take it back.' }),
        ...waitQuery,
      },
      result: pageOf(planListItem),
    },
    async ({ ctx, query: { limit, after, view, threadId, undoOf, wait }, signal }) => {
      const before = after === undefined ? null : z.coerce.number().int().catch(0).parse(after)
      const whole = view === 'waiting'
      const input = {
        view,
        threadId: threadId ?? null,
        parentId: undoOf ?? null,
        before,
        limit: whole ? MAX_WAITING : limit,
      }
      const items = await readUntil({
        read: () => listPlans({ ctx, input }),
        enough: (found) => found.length > 0,
        matters: (bell) => bell.topic === 'event' && bell.room === `org:${ctx.actor.orgId}`,
        timeoutMs: wait * 1000,
        signal,
      })
      const last = items.at(-1)
      const next = !whole && last && items.length === limit ? last.label.slice('PL-'.length) : null
      return { items, next }
    },
  )
  endpoint(
    api,
    {
      method: 'get',
      path: '/plans/{plan}',
      tag: 'Plans',
      summary: 'Read a plan',
      description: 'With `wait`, the answer is held until the plan has another version than `version`, or is over.',
      scope: 'read',
      params: ref,
      query: { ...waitQuery, version: z.coerce.number().int().min(0).optional() },
      result: plan,
    },
    async ({ ctx, params, query: { wait, version }, signal }) => {
      const view = await readUntil({
        read: () => readPlan({ ctx, input: { planId: params.plan } }),
        enough: (seen) => isFinal(seen.state) || version === undefined || seen.version > version,
        matters: (bell) => bell.topic === 'event' && bell.orgId === ctx.actor.orgId && bell.room.startsWith('plan:'),
        timeoutMs: wait * 1000,
        signal,
      })
      return planBody(view)
    },
  )
}

function decisionRoutes(api: Api): void {
  const { revision, digest, reason, typedName } = decideInput.shape
  endpoint(
    api,
    {
      method: 'post',
      path: '/plans/{plan}/approve',
      tag: 'Plans',
      summary: 'Approve a plan',
      description:
        'Send back the `revision` and `digest` of what you read: exactly that is approved. A second decision answers 409 with who decided and when. When the fleet moved meanwhile, the answer is 200 with the state `stale` and nothing was changed.',
      scope: 'approve',
      params: ref,
      body: { revision, digest, typedName },
      result: decided,
    },
    async ({ ctx, params, body }) => {
      const { id } = await readPlan({ ctx, input: { planId: params.plan } })
      return decide({ ctx, input: { planId: id, decision: 'approve', ...body } })
    },
  )
  endpoint(
    api,
    {
      method: 'post',
      path: '/plans/{plan}/reject',
      tag: 'Plans',
      summary: 'Reject a plan',
      scope: 'approve',
      params: ref,
      body: { revision, digest, reason },
      result: decided,
    },
    async ({ ctx, params, body }) => {
      const { id } = await readPlan({ ctx, input: { planId: params.plan } })
      return decide({ ctx, input: { planId: id, decision: 'reject', ...body } })
    },
  )
  endpoint(
    api,
    {
      method: 'post',
      path: '/plans/{plan}/cancel',
      tag: 'Plans',
      summary: 'Withdraw a waiting plan, or stop a running one after the step in hand',
      scope: 'propose',
      params: ref,
      result: z.object({ state: z.enum(['withdrawn', 'cancelling']) }),
    },
    async ({ ctx, params }) => {
      const { id } = await readPlan({ ctx, input: { planId: params.plan } })
      return cancelPlan({ ctx, input: { planId: id } })
    },
  )
  endpoint(
    api,
    {
      method: 'post',
      path: '/plans/{plan}/undo',
      tag: 'Plans',
      summary: 'Ask for the plan that takes a finished one back',
      description: 'It is drafted like any other and needs its own approval.',
      scope: 'propose',
      params: ref,
      status: 202,
      result: z.object({ queued: z.literal(true) }),
    },
    async ({ ctx, params }) => {
      const { id } = await readPlan({ ctx, input: { planId: params.plan } })
      return requestUndo({ ctx, input: { planId: id } })
    },
  )
}
