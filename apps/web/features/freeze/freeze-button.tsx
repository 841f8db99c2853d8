'use client'
import { OctagonX } from 'lucide-react'
import { Button } from '@/ui/button'
import { showFreezeDialog } from './freeze-dialog-store'
import { useFreeze } from './use-freeze'

/** In the header of every page. */
export function FreezeButton() {
  const freeze = useFreeze()
  const stopped = freeze?.frozen !== null && freeze !== null
  return (
    <Button
      size="sm"
      variant={stopped ? 'danger' : 'quiet'}
      className="max-desk:hidden"
      onClick={() => showFreezeDialog(true)}
      aria-keyshortcuts="!"
      title="Emergency stop: freezes every action of the agent (!)"
    >
      <OctagonX aria-hidden="true" className="size-4" />
      {stopped ? 'Stopped' : 'Stop…'}
      <span className="sr-only">: emergency stop of the agent</span>
    </Button>
  )
}
