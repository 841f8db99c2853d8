import type { Metadata } from 'next'
import { GpusPage } from '@/features/fleet/gpus/gpus-page'

export const metadata: Metadata = { title: 'GPUs' }

export default function Gpus() {
  return <GpusPage />
}
