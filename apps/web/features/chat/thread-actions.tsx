'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Archive, ArchiveRestore, Ellipsis, Link2, Pencil } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { Menu, MenuItem } from '@/ui/menu'
import { whenReachable } from '@/ui/when-reachable'
import { loadToasts } from '@/ui/toasts'

const RenameDialog = dynamic(
  whenReachable(() => import('./rename-dialog').then((module) => module.RenameDialog)),
  { ssr: false },
)

type ThreadActionsProps = { thread: { id: string; title: string; archived: boolean }; small?: boolean }

/** What a person does with a conversation as a whole. */
export function ThreadActions({ thread, small = false }: ThreadActionsProps) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [renaming, setRenaming] = useState(false)
  const refresh = () => {
    void queryClient.invalidateQueries(trpc.chat.threads.queryFilter())
    void queryClient.invalidateQueries(trpc.chat.read.queryFilter({ threadId: thread.id }))
  }
  const archive = useMutation(trpc.chat.archive.mutationOptions({ onSettled: refresh }))
  const setArchived = (archived: boolean) => {
    archive.mutate({ threadId: thread.id, archived })
    if (archived)
      void loadToasts().then(({ toast }) =>
        toast('Conversation archived', { action: { label: 'Undo', onClick: () => setArchived(false) } }),
      )
  }
  const trigger = (
    <Button variant="quiet" size={small ? 'icon-sm' : 'icon'} aria-label={`Actions for ${thread.title}`}>
      <Ellipsis aria-hidden="true" className="size-4" />
    </Button>
  )
  return (
    <>
      <Menu trigger={trigger} label={`Actions for ${thread.title}`} align="end">
        <MenuItem onSelect={() => setRenaming(true)}>
          <Pencil aria-hidden="true" className="size-4 text-muted" />
          Rename…
        </MenuItem>
        <MenuItem onSelect={() => setArchived(!thread.archived)}>
          {thread.archived ? (
            <ArchiveRestore aria-hidden="true" className="size-4 text-muted" />
          ) : (
            <Archive aria-hidden="true" className="size-4 text-muted" />
          )}
          {thread.archived ? 'Bring back' : 'Archive'}
        </MenuItem>
        <MenuItem onSelect={() => void navigator.clipboard.writeText(`${window.location.origin}/chat/${thread.id}`)}>
          <Link2 aria-hidden="true" className="size-4 text-muted" />
          Copy link
        </MenuItem>
      </Menu>
      {renaming ? (
        <RenameDialog
          thread={thread}
          onClose={() => {
            setRenaming(false)
            refresh()
          }}
        />
      ) : null}
    </>
  )
}
