'use client'
import type { SlotTable } from '@clawbernetes/protocol/views/fleet'
import { useChatDock } from '@/features/shell/chat-dock'
import { Button } from '@/ui/button'
import { formatPlural } from '@/ui/format'
import { type MapSelection, selectionWords } from './map-selection'

type MapSelectionBarProps = { selection: MapSelection; table: SlotTable; onClear: () => void }

/** What is selected on the map and what can be asked about it; without a selection, how to make one. */
export function MapSelectionBar({ selection, table, onClear }: MapSelectionBarProps) {
  const { ask } = useChatDock()
  const count = formatPlural(selection.size, 'GPU')
  const words = selectionWords(selection, table)
  const onAsk = () =>
    ask(`What about these ${count}?`, [{ kind: 'gpus', id: words.join(), label: `${count} on the map`, items: words }])
  return (
    <div className="mt-2 flex min-h-8 flex-wrap items-center gap-2 text-sm">
      <span role="status" className="min-w-0 text-muted">
        {selection.size > 0 ? `${count} selected` : ''}
      </span>
      {selection.size > 0 ? (
        <>
          <Button size="sm" variant="primary" onClick={onAsk}>
            Ask about {count}
          </Button>
          <Button size="sm" variant="quiet" onClick={onClear}>
            Clear selection
          </Button>
        </>
      ) : (
        <span className="text-xs text-muted max-desk:hidden">
          Shift and drag selects GPUs; with the keyboard, x selects a node.
        </span>
      )}
    </div>
  )
}
