import type { Metadata } from 'next'
import { NodePage } from '@/features/fleet/node/node-page'
import { resolveNodeId } from '@/features/fleet/node/resolve-node-id'

export const metadata: Metadata = { title: 'Node' }

export default async function Node({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return <NodePage nodeId={await resolveNodeId(decodeURIComponent(id))} />
}
