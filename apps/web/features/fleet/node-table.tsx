'use client'
import type { NodeListItem } from '@clawbernetes/protocol/views/node'
import { parseAsString, useQueryState } from 'nuqs'
import { useChatDock } from '@/features/shell/chat-dock'
import { usePreferences } from '@/features/shell/preferences-context'
import { parseSort, printSort } from '@/ui/data-table/columns'
import { DataTable } from '@/ui/data-table/data-table'
import { formatPlural } from '@/ui/format'
import { nodeColumns, NodeRowCard, toNodeRow } from './node-columns'
import type { NodeLive } from './node-live'

const BY_NAME = { key: 'name', descending: false }

/** All values of every node; the live ones come with each frame. */
export function NodeTable({ nodes, live }: { nodes: readonly NodeListItem[]; live: ReadonlyMap<string, NodeLive> }) {
  const { preferences } = usePreferences()
  const { ask } = useChatDock()
  const [sort, setSort] = useQueryState('sort', parseAsString)
  return (
    <DataTable
      label="Nodes"
      rows={nodes.map((node) => toNodeRow(node, live.get(node.id)))}
      columns={nodeColumns(preferences.temperatureUnit)}
      rowKey={(row) => row.id}
      sort={parseSort(sort, BY_NAME)}
      onSort={(next) => void setSort(printSort(next))}
      renderCard={(row) => <NodeRowCard row={row} unit={preferences.temperatureUnit} />}
      fileName="nodes.csv"
      action={{
        noun: 'node',
        nameOf: (row) => row.name,
        label: 'Ask about',
        onAct: (rows) => {
          const names = rows.map((row) => row.name)
          ask(`Compare ${names.join(' and ')}`, [
            { kind: 'nodes', id: names.join(), label: formatPlural(names.length, 'node'), items: names },
          ])
        },
      }}
    />
  )
}
