'use client'
import { useChatDock } from '@/features/shell/chat-dock'
import { toApiError } from '@/trpc/client'
import { Button } from '@/ui/button'
import { ClockTime } from '@/ui/clock'
import { InlineError } from '@/ui/inline-error'

type PanelErrorProps = {
  title: string
  query: { error: unknown; refetch: () => unknown; isFetching: boolean; errorUpdatedAt: number }
  className?: string
}

/** A failed read, in the panel that it fills: what, since when, try again, or ask. The other panels keep working. */
export function PanelError({ title, query, className }: PanelErrorProps) {
  const { ask } = useChatDock()
  if (!query.error) return null
  const error = toApiError(query.error)
  return (
    <InlineError
      title={title}
      detail={error.message}
      since={query.errorUpdatedAt > 0 ? <ClockTime value={query.errorUpdatedAt} seconds /> : undefined}
      requestId={error.requestId ?? undefined}
      onRetry={() => void query.refetch()}
      retrying={query.isFetching}
      extraAction={
        <Button size="sm" variant="quiet" onClick={() => ask(`Why: ${title.toLowerCase()}? ${error.message}`)}>
          Ask agent why
        </Button>
      }
      className={className}
    />
  )
}
