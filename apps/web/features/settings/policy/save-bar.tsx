'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { formatPlural } from '@/ui/format'
import { InlineError, Notice } from '@/ui/inline-error'
import type { PolicyChange } from './policy-lines'
import type { PolicyDraft } from './use-policy-draft'

/** Stays in sight while there is something to save. Saving shows first what would change. */
export function SaveBar({ draft }: { draft: PolicyDraft }) {
  const [reviewing, setReviewing] = useState(false)
  const [said, setSaid] = useState('')
  return (
    <div className={draft.dirty ? 'sticky bottom-0 z-10 grid gap-2 border-t border-line bg-bg py-2' : undefined}>
      {draft.overtaken ? (
        <Notice tone="warn">
          Somebody saved another policy since you began. Drop your draft to see theirs, or{' '}
          <button type="button" className="link" onClick={draft.rebase}>
            go on over it
          </button>
          : the list of changes then shows what you would undo.
        </Notice>
      ) : null}
      <div className="flex flex-wrap items-center gap-3">
        {draft.dirty ? (
          <>
            <Button variant="primary" onClick={() => setReviewing(true)}>
              Review and save…
            </Button>
            <Button onClick={draft.drop}>Drop changes</Button>
            <span className="text-muted">{formatPlural(draft.changes.length, 'unsaved change')}</span>
          </>
        ) : null}
        <span role="status">{draft.dirty ? '' : said}</span>
      </div>
      {reviewing ? (
        <ReviewDialog
          draft={draft}
          onClose={(version) => {
            setReviewing(false)
            if (version !== null) setSaid(`Saved as version ${version}. It holds from now on.`)
          }}
        />
      ) : null}
    </div>
  )
}

function ReviewDialog({ draft, onClose }: { draft: PolicyDraft; onClose: (version: number | null) => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const save = useMutation(
    trpc.policy.set.mutationOptions({
      onSuccess: async ({ version }) => {
        await queryClient.invalidateQueries(trpc.policy.read.queryFilter())
        draft.drop()
        onClose(version)
      },
    }),
  )
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose(null))}
      title="Save this policy?"
      description="It takes effect at once. Plans that wait are ruled anew and never become easier than their cards said."
      footer={
        <>
          <Button onClick={() => onClose(null)}>Cancel</Button>
          <Button
            variant="primary"
            pending={save.isPending}
            onClick={() => save.mutate({ document: draft.document, expectedVersion: draft.version })}
          >
            Save
          </Button>
        </>
      }
    >
      <Changes changes={draft.changes} />
      {save.error ? (
        <InlineError className="mt-3" title="The policy was not saved" detail={toApiError(save.error).message} />
      ) : null}
    </Dialog>
  )
}

function Changes({ changes }: { changes: readonly PolicyChange[] }) {
  return (
    <dl className="grid gap-2">
      {changes.map((change) => (
        <div key={change.label}>
          <dt className="font-semibold first-letter:uppercase">{change.label}</dt>
          <dd className="m-0 break-words">
            <del className="text-muted">{change.before}</del>
            <span aria-hidden="true"> → </span>
            <span className="sr-only"> becomes </span>
            <ins className="no-underline">{change.after}</ins>
          </dd>
        </div>
      ))}
    </dl>
  )
}
