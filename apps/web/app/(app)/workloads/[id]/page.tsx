import type { Metadata } from 'next'
import { WorkloadPage } from '@/features/workloads/detail/workload-page'

export const metadata: Metadata = { title: 'Workload' }

export default async function Workload({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return <WorkloadPage workload={decodeURIComponent(id)} />
}
