import type { PageContext } from '@clawbernetes/protocol/views/chat'

/** "node-06, GPU 3": what was sent along, as the person saw it. */
export function contextWords(context: PageContext | null): string | null {
  if (!context) return null
  const parts = [
    context.node,
    context.gpu === undefined ? undefined : `GPU ${context.gpu}`,
    context.workload,
    context.plan,
    context.selection?.label,
  ].filter((part) => part !== undefined)
  if (parts.length > 0) return parts.join(', ')
  return context.page === '' ? null : `the page ${context.page}`
}
