import type { Metadata } from 'next'
import { PlanPage } from '@/features/plans/plan-page'

export const metadata: Metadata = { title: 'Plan' }

export default async function Plan({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return <PlanPage planId={id} />
}
