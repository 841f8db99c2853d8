'use client'
import type { PlanListItem } from '@clawbernetes/protocol/views/plan'
import { useState } from 'react'
import { serverNow } from '@/ui/clock'
import { formatAbsolute } from '@/ui/format'
import { snooze } from './snooze'

/** The plan that is about to be put off, while the dialog asks until when. */
export function useSnoozing(
  awake: readonly PlanListItem[],
  onSnoozed: (item: PlanListItem, words: string) => Promise<void>,
) {
  const [askedId, ask] = useState<string | null>(null)
  const item = awake.find((candidate) => candidate.id === askedId)
  return {
    item,
    ask,
    close: () => ask(null),
    until: (untilMs: number) => {
      ask(null)
      if (!item) return
      snooze(item.id, untilMs, serverNow())
      void onSnoozed(item, `${item.label} snoozed until ${formatAbsolute(new Date(untilMs), serverNow())}.`)
    },
  }
}
