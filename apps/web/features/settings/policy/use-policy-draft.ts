'use client'
import type { PolicyDocument } from '@clawbernetes/protocol/policy/org-policy'
import type { PolicyView } from '@clawbernetes/protocol/views/policy'
import { useEffect, useState } from 'react'
import { useSession } from '@/features/identity/session'
import { policyDiff } from './policy-lines'

interface Kept {
  version: number
  document: PolicyDocument
}

/**
 * The policy while it is edited. A draft outlives a look at another page: it is kept in this tab until it is saved or dropped, and
 * the browser asks before the tab is closed over it.
 */
export function usePolicyDraft(saved: PolicyView) {
  const { organization } = useSession()
  const key = `cb.policy-draft:${organization.id}`
  const [kept, setKept] = useState<Kept | null>(() => read(key))
  const document = kept?.document ?? saved.document
  const changes = policyDiff(saved.document, document)
  const dirty = changes.length > 0
  useEffect(() => {
    if (!dirty) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [dirty])
  const keep = (next: Kept | null) => {
    setKept(next)
    if (next) sessionStorage.setItem(key, JSON.stringify(next))
    else sessionStorage.removeItem(key)
  }
  return {
    document,
    changes,
    dirty,
    /** The version that was edited, so that somebody else's change in between is not overwritten. */
    version: kept?.version ?? saved.version,
    /** Somebody saved another policy since this draft was begun. */
    overtaken: dirty && kept !== null && kept.version !== saved.version,
    edit: (next: PolicyDocument) => keep({ version: kept?.version ?? saved.version, document: next }),
    drop: () => keep(null),
    /** Goes on with the draft over what somebody else saved, which the list of changes then shows. */
    rebase: () => (kept ? keep({ ...kept, version: saved.version }) : undefined),
  }
}

export type PolicyDraft = ReturnType<typeof usePolicyDraft>

function read(key: string): Kept | null {
  try {
    const parsed: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null')
    const whole = typeof parsed === 'object' && parsed !== null && 'version' in parsed && 'document' in parsed
    // Written by this module alone, and parsed by the server again before anything comes of it.
    return whole ? (parsed as Kept) : null
  } catch {
    return null
  }
}
