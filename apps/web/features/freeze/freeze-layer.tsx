'use client'
import dynamic from 'next/dynamic'
import { ClockTime } from '@/ui/clock'
import { Button } from '@/ui/button'
import { showFreezeDialog, useFreezeDialogOpen } from './freeze-dialog-store'
import { useFreeze } from './use-freeze'
import { whenReachable } from '@/ui/when-reachable'

const FreezeDialog = dynamic(
  whenReachable(() => import('./freeze-dialog').then((module) => module.FreezeDialog)),
  { ssr: false },
)

/** On every page: who stopped the agent, when and why, while it is stopped; and the dialog that stops it or lifts the stop. */
export function FreezeLayer() {
  const freeze = useFreeze()
  const asked = useFreezeDialogOpen()
  const stopped = freeze?.frozen ?? null
  return (
    <>
      <div role="status">
        {stopped ? (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-crit bg-crit-tint px-3 py-1.5">
            <p className="min-w-0 flex-1 break-words">
              <strong className="text-crit">
                <span aria-hidden="true">◆ </span>Emergency stop
              </strong>{' '}
              {stopped.by} stopped every action of the agent <ClockTime value={stopped.at} />: {stopped.reason}. What
              runs keeps running.
            </p>
            <Button size="sm" onClick={() => showFreezeDialog(true)}>
              {freeze?.mayLift ? 'Lift…' : 'Details'}
            </Button>
          </div>
        ) : null}
      </div>
      {asked && freeze ? <FreezeDialog freeze={freeze} onClose={() => showFreezeDialog(false)} /> : null}
    </>
  )
}
