'use client'
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { TextField } from '@/ui/field'
import { formText } from '@/ui/form-text'

const MAX_TITLE_CHARS = 120

export function RenameDialog({ thread, onClose }: { thread: { id: string; title: string }; onClose: () => void }) {
  const trpc = useTRPC()
  const rename = useMutation(trpc.chat.rename.mutationOptions({ onSuccess: onClose }))
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    rename.mutate({ threadId: thread.id, title: formText(new FormData(event.currentTarget), 'title') })
  }
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())} title="Rename this conversation">
      <form onSubmit={submit} className="grid gap-3">
        <TextField
          label="Title"
          name="title"
          defaultValue={thread.title}
          maxLength={MAX_TITLE_CHARS}
          required
          autoComplete="off"
          error={rename.error ? toApiError(rename.error).message : null}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={rename.isPending}>
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
