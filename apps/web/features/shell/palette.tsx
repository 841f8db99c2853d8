'use client'
import { Command } from 'cmdk'
import { useRouter } from 'next/navigation'
import { useTheme } from 'next-themes'
import { Dialog as Primitive } from 'radix-ui'
import { useRef, useState } from 'react'
import { fuzzyFilter } from '@/ui/fuzzy'
import { useChatDock } from './chat-dock'
import { ACTIONS, type PaletteItem, parsePalette, PLACES } from './palette-items'
import { readRecent, rememberPlace } from './recent-places'
import { usePaletteThings } from './use-palette-things'

const itemClass =
  'flex min-h-9 cursor-default items-center gap-2 rounded-sm px-2 data-[selected=true]:bg-info-tint max-desk:min-h-11'
const groupClass =
  '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted'
/** Enough to find one by typing; the pages show the rest. */
const MAX_SHOWN = 24
const MAX_OF_A_GROUP = 8

type Group = { heading: string; items: PaletteItem[] }

/** What fits, best first, in the groups of the best of each. */
function useGroups(text: string): { groups: Group[]; loading: boolean } {
  const { mode, wanted } = parsePalette(text)
  const things = usePaletteThings(mode === 'actions' ? '' : wanted)
  if (mode === 'all' && wanted === '')
    return {
      groups: [
        { heading: 'Recent', items: readRecent().map((place) => ({ ...place, group: 'Go to' as const })) },
        { heading: 'Go to', items: PLACES.filter((place) => place.group === 'Go to') },
        { heading: 'Actions', items: [...ACTIONS] },
      ],
      loading: false,
    }
  const pool = mode === 'actions' ? ACTIONS : mode === 'ids' ? things.items : [...PLACES, ...ACTIONS, ...things.items]
  const nameOf = (item: PaletteItem) =>
    mode === 'ids' ? `${item.key} ${item.also ?? ''}` : `${item.name} ${item.also ?? ''} ${item.group}`
  const groups = new Map<string, PaletteItem[]>()
  for (const item of fuzzyFilter(pool, wanted, nameOf, MAX_SHOWN)) {
    const group = groups.get(item.group) ?? []
    if (group.length < MAX_OF_A_GROUP) groups.set(item.group, [...group, item])
  }
  return { groups: [...groups].map(([heading, items]) => ({ heading, items })), loading: things.loading }
}

function useRun({ onClose, onShortcuts, onPause, onFreeze }: PaletteProps) {
  const router = useRouter()
  const dock = useChatDock()
  const { setTheme } = useTheme()
  const acts: Record<string, () => void> = {
    'new-chat': () => {
      dock.openThread(null)
      dock.focusComposer()
    },
    'theme-light': () => setTheme('light'),
    'theme-dark': () => setTheme('dark'),
    'theme-system': () => setTheme('system'),
    'toggle-chat': () => dock.setOpen(!dock.open),
    shortcuts: onShortcuts,
    pause: onPause,
    freeze: onFreeze,
  }
  return (item: PaletteItem) => {
    onClose()
    if (item.href) {
      if (item.group !== 'Actions') rememberPlace({ ...item, href: item.href })
      router.push(item.href)
    } else if (item.act) acts[item.act]?.()
  }
}

const ASK = 'ask agent'
const valueOf = (heading: string, item: PaletteItem): string => `${heading} ${item.key}`

/**
 * Enter takes the best of what is shown, also when it came in late; only the person's own arrows or pointer mark another.
 */
function useMarked(text: string, best: string) {
  const [chosen, setChosen] = useState<{ text: string; value: string } | null>(null)
  const movedIn = useRef<string | null>(null)
  return {
    value: chosen?.text === text ? chosen.value : best,
    onValueChange: (value: string) => {
      if (movedIn.current === text) setChosen({ text, value })
    },
    onMove: (event: { type: string; key?: string }) => {
      if (event.type !== 'keydown' || /^(?:Arrow|Home|End)/.test(event.key ?? '')) movedIn.current = text
    },
  }
}

type PaletteProps = { onClose: () => void; onShortcuts: () => void; onPause: () => void; onFreeze: () => void }

/** Go somewhere, find something, or hand the words to the agent. Nothing that touches the fleet is ever executed from here. */
export function Palette(props: PaletteProps) {
  const { onClose } = props
  const [text, setText] = useState('')
  const dock = useChatDock()
  const { groups, loading } = useGroups(text)
  const run = useRun(props)
  const found = groups.reduce((sum, group) => sum + group.items.length, 0)
  const { mode, wanted } = parsePalette(text)
  const [best] = groups.flatMap((group) => group.items.map((item) => valueOf(group.heading, item)))
  const marked = useMarked(text, best ?? ASK)
  const ask = () => {
    onClose()
    dock.ask(wanted)
  }
  return (
    <Primitive.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Primitive.Portal>
        <Primitive.Overlay className="fade-in fixed inset-0 z-40 bg-[rgb(11_15_20/0.4)]" />
        <Primitive.Content
          aria-describedby={undefined}
          className="fade-in fixed top-[12vh] left-1/2 z-50 w-[min(620px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden rounded-lg border border-line bg-raised shadow-overlay"
        >
          <Primitive.Title className="sr-only">Search or run</Primitive.Title>
          <Command
            label="Search or run"
            shouldFilter={false}
            value={marked.value}
            onValueChange={marked.onValueChange}
            onKeyDown={marked.onMove}
            onPointerMove={marked.onMove}
          >
            <Command.Input
              autoFocus
              value={text}
              onValueChange={setText}
              placeholder="Search or run…"
              className="min-h-12 w-full border-b border-line bg-transparent px-4 text-md outline-none"
            />
            <Command.List label="Results" className="max-h-[56vh] overflow-y-auto p-1">
              <Found groups={groups} onRun={run} />
              {wanted !== '' && mode !== 'ids' ? (
                <Command.Group heading="Ask agent" className={groupClass}>
                  <Command.Item value={ASK} onSelect={ask} className={itemClass}>
                    <span aria-hidden="true" className="text-agent">
                      ✦
                    </span>
                    <span className="min-w-0 truncate">Ask agent: “{wanted}”</span>
                  </Command.Item>
                </Command.Group>
              ) : null}
              {found === 0 && wanted !== '' && !loading ? (
                <p className="px-2 py-1.5 text-sm text-muted">Nothing of that name.</p>
              ) : null}
            </Command.List>
            <p className="border-t border-line px-3 py-1.5 text-xs text-muted max-desk:hidden">
              Type <b>&gt;</b> for actions, <b>#</b> for ids. Arrow keys choose, Enter opens.
            </p>
            <p role="status" className="sr-only">
              {wanted === '' || loading ? '' : `${found} results`}
            </p>
          </Command>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

function Found({ groups, onRun }: { groups: Group[]; onRun: (item: PaletteItem) => void }) {
  return groups.map((group) =>
    group.items.length === 0 ? null : (
      <Command.Group key={group.heading} heading={group.heading} className={groupClass}>
        {group.items.map((item) => (
          <Command.Item
            key={item.key}
            value={valueOf(group.heading, item)}
            onSelect={() => onRun(item)}
            className={itemClass}
          >
            <span className="min-w-0 truncate">{item.name}</span>
            <span className="ml-auto min-w-0 truncate text-sm text-muted">{item.note}</span>
          </Command.Item>
        ))}
      </Command.Group>
    ),
  )
}
