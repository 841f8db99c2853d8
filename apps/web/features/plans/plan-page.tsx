'use client'
import Link from 'next/link'
import { useChatDock, useChatSubject } from '@/features/shell/chat-dock'
import { Page } from '@/features/shell/page'
import { Button } from '@/ui/button'
import { PlanCard } from './plan-card'
import { usePlan } from './use-plan'

/** One plan as a page: what a link from mail, Slack or the audit log opens. */
export function PlanPage({ planId }: { planId: string }) {
  const plan = usePlan(planId).data
  const dock = useChatDock()
  const label = plan?.label ?? 'Plan'
  useChatSubject('plan', plan ? plan.label : null, label)
  const threadId = plan?.threadId ?? null
  const breadcrumb = (
    <>
      <Link href="/approvals" className="link">
        Approvals
      </Link>{' '}
      / {label}
    </>
  )
  const actions = threadId ? <Button onClick={() => dock.openThread(threadId)}>Open conversation</Button> : null
  return (
    <Page
      title={plan ? `${plan.label}: ${plan.content.title}` : 'Plan'}
      breadcrumb={breadcrumb}
      ask={null}
      actions={actions}
      className="mx-auto w-full max-w-[860px]"
    >
      <PlanCard planId={planId} />
    </Page>
  )
}
