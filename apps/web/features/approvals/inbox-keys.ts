/** What a key means in the inbox, and which item follows. Pure: the page only applies it. */
export type InboxAction =
  | { type: 'select'; id: string }
  | { type: 'open'; id: string }
  | { type: 'approve' }
  | { type: 'edit' }
  | { type: 'reject' }
  | { type: 'snooze' }
  | { type: 'mark'; id: string }

type InboxKey = { key: string; repeat: boolean; modified: boolean; typing: boolean }

/** `shown` is the card beside the list, which is the first one until somebody has `chosen`. */
export function inboxAction(
  press: InboxKey,
  ids: readonly string[],
  at: { chosen: string | null; shown: string | null },
): InboxAction | null {
  if (press.modified || press.typing) return null
  switch (press.key) {
    case 'j':
    case 'ArrowDown':
      return step(ids, at.chosen, 1)
    case 'k':
    case 'ArrowUp':
      return step(ids, at.chosen, -1)
  }
  // Moving may repeat while a key is held; deciding never does.
  if (press.repeat || at.shown === null) return null
  const actions: Record<string, InboxAction> = {
    Enter: { type: 'open', id: at.shown },
    '1': { type: 'approve' },
    '2': { type: 'edit' },
    '3': { type: 'reject' },
    h: { type: 'snooze' },
    x: { type: 'mark', id: at.shown },
  }
  return actions[press.key] ?? null
}

function step(ids: readonly string[], selectedId: string | null, by: 1 | -1): InboxAction | null {
  if (ids.length === 0) return null
  const at = selectedId === null ? -1 : ids.indexOf(selectedId)
  const next = at === -1 ? (by === 1 ? 0 : ids.length - 1) : Math.min(ids.length - 1, Math.max(0, at + by))
  const id = ids[next]
  return id === undefined || id === selectedId ? null : { type: 'select', id }
}

/** After a decision: the item that took the decided one's place, else the one before it. */
export function nextAfter(ids: readonly string[], decidedId: string): string | null {
  const at = ids.indexOf(decidedId)
  const others = ids.filter((id) => id !== decidedId)
  return others[Math.min(Math.max(at, 0), others.length - 1)] ?? null
}
