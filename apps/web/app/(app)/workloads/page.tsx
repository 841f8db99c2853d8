import type { Metadata } from 'next'
import { WorkloadsPage } from '@/features/workloads/workloads-page'

export const metadata: Metadata = { title: 'Workloads' }

export default function Workloads() {
  return <WorkloadsPage />
}
