'use client'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useImperativeHandle, useState, type Ref } from 'react'
import { useTRPC } from '@/trpc/client'
import { cn } from '@/ui/cn'
import { fuzzyFilter } from '@/ui/fuzzy'
import type { Completion } from './suggest'

export const SUGGESTIONS_ID = 'composer-suggestions'
const MAX_SHOWN = 8
const MAX_WORKLOADS = 200

/** `whole`: the pick replaces everything that was typed, because it is a sentence of its own. */
export type Suggestion = { key: string; mark: string; name: string; note: string; whole?: boolean }
/** Keys of the composer while suggestions are open; true: taken. */
export type SuggestKeys = { key: (key: string) => boolean }

/** Skills, and under the one that is typed in full its sentences to try. */
function useSkills(completion: Completion): Suggestion[] {
  const trpc = useTRPC()
  const skills = useQuery(
    trpc.chat.skills.queryOptions(undefined, { enabled: completion.kind === 'skill', staleTime: 300_000 }),
  )
  if (completion.kind !== 'skill' || !skills.data) return []
  const exact = skills.data.find((skill) => skill.name === completion.typed)
  if (exact)
    return [
      { key: exact.name, mark: '/', name: exact.name, note: exact.description },
      ...exact.examples.map((example) => ({ key: example, mark: '✦', name: example, note: '', whole: true })),
    ].slice(0, MAX_SHOWN)
  return fuzzyFilter(skills.data, completion.typed, (skill) => `${skill.name} ${skill.title}`, 30).map((skill) => ({
    key: skill.name,
    mark: '/',
    name: skill.name,
    note: skill.title,
  }))
}

/** Nodes, workloads and plans by name, as the inventory has them. */
function useMentions(completion: Completion): Suggestion[] {
  const trpc = useTRPC()
  const enabled = completion.kind === 'mention'
  const nodes = useQuery(trpc.fleet.nodes.queryOptions(undefined, { enabled }))
  const workloads = useQuery(trpc.workloads.list.queryOptions({ view: 'all', limit: MAX_WORKLOADS }, { enabled }))
  const plans = useQuery(trpc.plans.list.queryOptions({ view: 'all', limit: 50 }, { enabled }))
  if (!enabled) return []
  const all: Suggestion[] = [
    ...(nodes.data ?? []).map((node) => ({ key: node.id, mark: 'node', name: node.name, note: '' })),
    ...(workloads.data ?? []).map((item) => ({ key: item.id, mark: 'workload', name: item.name, note: item.status })),
    ...(plans.data ?? []).map((plan) => ({ key: plan.id, mark: 'plan', name: plan.label, note: plan.title })),
  ]
  return fuzzyFilter(all, completion.typed, (item) => `${item.name} ${item.note}`, MAX_SHOWN)
}

type ComposerSuggestProps = {
  completion: Completion
  keys: Ref<SuggestKeys>
  onPick: (suggestion: Suggestion) => void
  onClose: () => void
  /** The option that the composer points at, for screen readers. */
  onActive: (optionId: string | null) => void
}

/** What fits the words before the caret. The composer keeps the focus; arrows move, Enter and Tab take, Escape closes. */
export function ComposerSuggest({ completion, keys, onPick, onClose, onActive }: ComposerSuggestProps) {
  const skills = useSkills(completion)
  const mentions = useMentions(completion)
  const items = completion.kind === 'skill' ? skills : mentions
  const [cursor, setCursor] = useState({ typed: completion.typed, at: 0 })
  const at = cursor.typed === completion.typed ? Math.min(cursor.at, items.length - 1) : 0
  const activeId = items.length > 0 ? `${SUGGESTIONS_ID}-${at}` : null
  useEffect(() => {
    onActive(activeId)
    if (activeId) document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' })
    return () => onActive(null)
  }, [activeId, onActive])
  useImperativeHandle(keys, () => ({
    key: (key) => {
      if (key === 'Escape') onClose()
      if (items.length === 0) return key === 'Escape'
      if (key === 'ArrowDown' || key === 'ArrowUp') {
        const by = key === 'ArrowDown' ? 1 : -1
        setCursor({ typed: completion.typed, at: (at + by + items.length) % items.length })
        return true
      }
      const picked = items[at]
      if ((key === 'Enter' || key === 'Tab') && picked) {
        onPick(picked)
        return true
      }
      return key === 'Escape'
    },
  }))
  if (items.length === 0) return null
  return (
    <div className="absolute inset-x-0 bottom-full z-30 mb-1 rounded-md border border-line bg-raised shadow-overlay">
      <p role="status" className="sr-only">
        {items.length} {completion.kind === 'skill' ? 'skills' : 'names'} fit. Arrow keys choose.
      </p>
      <div
        role="listbox"
        id={SUGGESTIONS_ID}
        aria-label={completion.kind === 'skill' ? 'Skills' : 'Nodes, workloads and plans'}
        className="max-h-64 overflow-y-auto p-1"
      >
        {items.map((item, index) => (
          <div
            key={item.key}
            id={`${SUGGESTIONS_ID}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            // The composer must not lose the focus to a press.
            onPointerDown={(event) => {
              event.preventDefault()
              onPick(item)
            }}
            className={cn(
              'flex min-h-8 cursor-default items-baseline gap-2 rounded-sm px-2 py-1 max-desk:min-h-11',
              index === at && 'bg-info-tint',
            )}
          >
            <span className="shrink-0 text-xs text-muted">{item.mark}</span>
            <span className={item.whole ? 'min-w-0' : 'shrink-0'}>{item.name}</span>
            <span className="min-w-0 truncate text-xs text-muted">{item.note}</span>
          </div>
        ))}
      </div>
    </div>
  )
}
