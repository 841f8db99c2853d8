import type { NodeDetail } from '@clawbernetes/protocol/views/node'
import { StatusPill } from '@/ui/status-pill'
import { DemoMark } from '../demo-mark'
import { presentNode } from '../node-state'

export function NodeHeader({ node }: { node: NodeDetail }) {
  const state = presentNode(node)
  const models = node.gpuModels.map(({ model, count }) => `${count}× ${model}`).join(', ')
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {node.name}
      <StatusPill tone={state.tone} title={node.statusReason ?? undefined}>
        {state.word}
        {node.cordon ? ' · cordoned' : ''}
      </StatusPill>
      <DemoMark demo={node.demo} />
      <span className="text-base font-normal text-muted">
        {models || 'no GPUs'}
        {node.driverVersion ? ` · driver ${node.driverVersion}` : ''}
        {node.cudaVersion ? ` · CUDA ${node.cudaVersion}` : ''}
      </span>
    </span>
  )
}
