'use client'
import type { LogLevel } from '@clawbernetes/protocol/views/workload-log'
import type { WorkloadDetail } from '@clawbernetes/protocol/views/workload'
import { ChevronDown, Download } from 'lucide-react'
import { useMemo, useState, type KeyboardEvent } from 'react'
import { PanelError } from '@/features/diagnosis/panel-error'
import { useChatDock } from '@/features/shell/chat-dock'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { inputClass } from '@/ui/field'
import { cn } from '@/ui/cn'
import { formatPlural } from '@/ui/format'
import { Menu, MenuCheckItem, MenuLabel, MenuRadioGroup, MenuSeparator } from '@/ui/menu'
import { SkeletonRows } from '@/ui/skeleton'
import { findHits, finderOf, logText } from './log-buffer'
import { LogView } from './log-view'
import { useLogs } from './use-logs'

const LEVELS: LogLevel[] = ['error', 'warning', 'info', 'debug']
const MAX_ASKED_CHARS = 6000
type Timestamps = 'local' | 'utc' | 'off'

export function LogPanel({ workload, live }: { workload: WorkloadDetail; live: boolean }) {
  const [levels, setLevels] = useState<readonly LogLevel[]>([])
  const [replicaIds, setReplicaIds] = useState<readonly string[]>([])
  const [following, setFollowing] = useState(true)
  const [wrap, setWrap] = useState(true)
  const [timestamps, setTimestamps] = useState<Timestamps>('local')
  const logs = useLogs(workload.id, { levels, replicaIds }, following, live)
  const { lines } = logs.buffer
  const find = useFind(lines, () => setFollowing(false))
  const replicas = workload.replicas.toSorted((a, b) => a.ordinal - b.ordinal || a.attempt - b.attempt)
  const follow = (next: boolean) => {
    setFollowing(next)
    if (next) logs.markSeen()
  }
  return (
    <section aria-label="Logs" className="panel min-w-0">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
        <FindField find={find} />
        <LevelMenu levels={levels} onChange={setLevels} />
        {replicas.length > 1 ? <ReplicaMenu replicas={replicas} chosen={replicaIds} onChange={setReplicaIds} /> : null}
        <ViewMenu wrap={wrap} onWrap={setWrap} timestamps={timestamps} onTimestamps={setTimestamps} />
        <div className="ml-auto flex gap-1">
          <AskAboutSelection name={workload.name} />
          <Button
            size="sm"
            variant="quiet"
            onClick={() => download(`${workload.name}.log`, logText(lines))}
            aria-disabled={lines.length === 0}
          >
            <Download aria-hidden="true" className="size-3.5" />
            Download
          </Button>
        </div>
      </div>
      <PanelError
        title="The log stream stopped; it resumes where it was"
        query={{ error: logs.error, refetch: logs.retry, isFetching: false, errorUpdatedAt: logs.errorAtMs }}
        className="m-2"
      />
      {logs.buffer.left > 0 ? (
        <p className="border-b border-line px-3 py-1 text-sm text-muted">
          {logs.buffer.left.toLocaleString('en')} older lines left the page’s memory; scroll up to read them again.
        </p>
      ) : null}
      {logs.pending ? (
        <SkeletonRows rows={8} label="Loading the log" className="p-3" />
      ) : lines.length === 0 ? (
        <NoLines
          started={workload.replicas.length > 0}
          onClear={
            levels.length + replicaIds.length === 0
              ? null
              : () => {
                  setLevels([])
                  setReplicaIds([])
                }
          }
        />
      ) : (
        <LogView
          label={`Log of ${workload.name}`}
          lines={lines}
          wrap={wrap}
          timestamps={timestamps}
          showReplica={replicas.length > 1}
          following={following}
          onFollow={follow}
          unseen={logs.buffer.unseen}
          hasOlder={logs.buffer.before !== null}
          loadingOlder={logs.loadingOlder}
          onReadOlder={logs.readOlder}
          hits={find.hitSet}
          current={find.current}
        />
      )}
    </section>
  )
}

/** An empty log and one that the filter leaves empty are two things. */
function NoLines({ started, onClear }: { started: boolean; onClear: (() => void) | null }) {
  if (onClear)
    return (
      <EmptyState title="No line matches" action={<Button onClick={onClear}>Clear filters</Button>}>
        Other levels or replicas may have written something.
      </EmptyState>
    )
  return (
    <EmptyState title="No output yet">
      {started ? 'It has not written anything to its output.' : 'It has not been started on a node.'}
    </EmptyState>
  )
}

type Find = ReturnType<typeof useFind>

function useFind(lines: Parameters<typeof findHits>[0], onJump: () => void) {
  const [query, setQuery] = useState('')
  const [at, setAt] = useState<number | null>(null)
  const hits = useMemo(() => findHits(lines, finderOf(query)), [lines, query])
  const hitSet = useMemo(() => new Set(hits), [hits])
  const position = at === null || hits.length === 0 ? null : Math.min(at, hits.length - 1)
  return {
    query,
    hits,
    hitSet,
    position,
    current: position === null ? null : (hits[position] ?? null),
    setQuery: (next: string) => {
      setQuery(next)
      setAt(null)
    },
    /** The next or previous hit; the first jump goes to the newest one. */
    step: (by: 1 | -1) => {
      if (hits.length === 0) return
      onJump()
      setAt((now) => (now === null ? hits.length - 1 : (now + by + hits.length) % hits.length))
    },
  }
}

function FindField({ find }: { find: Find }) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    find.step(event.shiftKey ? 1 : -1)
  }
  return (
    <div className="flex items-center gap-1">
      <input
        data-filter
        type="search"
        value={find.query}
        onChange={(event) => find.setQuery(event.target.value)}
        onKeyDown={onKeyDown}
        placeholder="Find, text or pattern"
        aria-label="Find in log, Enter for the hit before, Shift Enter for the one after"
        spellCheck={false}
        className={cn(inputClass, 'min-h-8 w-52 py-1 max-desk:w-44')}
      />
      <span role="status" className={cn('text-sm text-muted', find.query !== '' && 'min-w-14')}>
        {find.query === ''
          ? ''
          : find.hits.length === 0
            ? 'no hit'
            : `${find.position === null ? '–' : find.position + 1} / ${find.hits.length}`}
      </span>
    </div>
  )
}

const MenuButton = ({ children, ...props }: React.ComponentProps<typeof Button>) => (
  <Button size="sm" {...props}>
    {children}
    <ChevronDown aria-hidden="true" className="size-3.5 text-muted" />
  </Button>
)

function LevelMenu({ levels, onChange }: { levels: readonly LogLevel[]; onChange: (levels: LogLevel[]) => void }) {
  return (
    <Menu label="Levels" trigger={<MenuButton>{levels.length === 0 ? 'All levels' : levels.join(', ')}</MenuButton>}>
      {LEVELS.map((level) => (
        <MenuCheckItem
          key={level}
          checked={levels.includes(level)}
          onCheckedChange={(on) => onChange(on ? [...levels, level] : levels.filter((other) => other !== level))}
        >
          {level}
        </MenuCheckItem>
      ))}
    </Menu>
  )
}

type ReplicaMenuProps = {
  replicas: WorkloadDetail['replicas']
  chosen: readonly string[]
  onChange: (ids: string[]) => void
}

function ReplicaMenu({ replicas, chosen, onChange }: ReplicaMenuProps) {
  const text = chosen.length === 0 ? 'All replicas' : `${chosen.length} of ${replicas.length} replicas`
  return (
    <Menu label="Replicas" trigger={<MenuButton>{text}</MenuButton>}>
      {replicas.map((replica) => (
        <MenuCheckItem
          key={replica.id}
          checked={chosen.includes(replica.id)}
          onCheckedChange={(on) => onChange(on ? [...chosen, replica.id] : chosen.filter((id) => id !== replica.id))}
        >
          [{replica.ordinal}] {replica.node.name}
          {replica.attempt > 1 ? `, attempt ${replica.attempt}` : ''}
          {replica.closed ? ', ended' : ''}
        </MenuCheckItem>
      ))}
    </Menu>
  )
}

type ViewMenuProps = {
  wrap: boolean
  onWrap: (wrap: boolean) => void
  timestamps: Timestamps
  onTimestamps: (timestamps: Timestamps) => void
}

function ViewMenu({ wrap, onWrap, timestamps, onTimestamps }: ViewMenuProps) {
  return (
    <Menu label="View" trigger={<MenuButton>View</MenuButton>}>
      <MenuCheckItem checked={wrap} onCheckedChange={onWrap}>
        Wrap long lines
      </MenuCheckItem>
      <MenuSeparator />
      <MenuLabel>Time of each line</MenuLabel>
      <MenuRadioGroup
        label="Time of each line"
        value={timestamps}
        onValueChange={(next) => onTimestamps(next === 'utc' ? 'utc' : next === 'off' ? 'off' : 'local')}
        options={[
          { value: 'local', label: 'Local' },
          { value: 'utc', label: 'UTC' },
          { value: 'off', label: 'Off' },
        ]}
      />
    </Menu>
  )
}

/** What is marked with the mouse or keyboard goes to chat as a chip of its own: a machine's words, never the person's. */
function AskAboutSelection({ name }: { name: string }) {
  const { ask } = useChatDock()
  const onAsk = () => {
    const marked = String(window.getSelection() ?? '')
      .slice(0, MAX_ASKED_CHARS)
      .split('\n')
      .filter((line) => line.trim() !== '')
    const workload = { kind: 'workload', id: name, label: name }
    if (marked.length === 0) return ask(`What do the logs of ${name} say?`, [workload])
    const lines = formatPlural(marked.length, 'log line')
    ask(`What do these ${lines} of ${name} mean?`, [
      workload,
      { kind: 'log-lines', id: marked.join('\n'), label: `${lines} of ${name}`, items: marked },
    ])
  }
  return (
    <Button size="sm" variant="quiet" onMouseDown={(event) => event.preventDefault()} onClick={onAsk}>
      Ask about these
    </Button>
  )
}

function download(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  URL.revokeObjectURL(url)
}
