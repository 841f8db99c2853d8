import type { AttentionItem } from '@clawbernetes/protocol/views/fleet'
import type { FindingSeverity, FindingView } from '@clawbernetes/protocol/views/finding'
import type { NodeListItem } from '@clawbernetes/protocol/views/node'
import type { LoadedFleet } from './load-fleet'

const WEIGHT: Record<FindingSeverity, number> = { critical: 0, warning: 1, info: 2 }

/** What a person should look at, gravest first, then newest. */
export function attentionList(fleet: LoadedFleet, items: NodeListItem[], findings: FindingView[]): AttentionItem[] {
  const list = [
    ...findings.filter((finding) => finding.severity !== 'info').map(ofFinding),
    ...items.flatMap((item) => ofNode(fleet, item)),
    ...ofGpus(fleet),
  ]
  return list.sort(
    (a, b) => WEIGHT[a.severity] - WEIGHT[b.severity] || b.sinceMs - a.sinceMs || a.key.localeCompare(b.key),
  )
}

function ofFinding(finding: FindingView): AttentionItem {
  const { id, severity, nodeId, nodeName, gpuId, gpuIndex, title, detail, sinceMs } = finding
  return {
    key: `finding:${id}`,
    kind: 'finding',
    severity,
    nodeId,
    nodeName,
    gpuId,
    gpuIndex,
    findingId: id,
    title,
    detail,
    sinceMs,
  }
}

function ofNode(fleet: LoadedFleet, item: NodeListItem): AttentionItem[] {
  const about = { nodeId: item.id, nodeName: item.name, gpuId: null, gpuIndex: null, findingId: null }
  const held =
    item.gpusAllocated > 0 ? ` ${item.gpusAllocated} of its GPUs are allocated; what runs there may still run.` : ''
  const sinceMs = item.lastSeenAtMs ?? item.joinedAtMs
  if (item.status === 'offline')
    return [
      {
        ...about,
        key: `offline:${item.id}`,
        kind: 'node-offline',
        severity: held ? 'critical' : 'warning',
        title: `${item.name} does not report`,
        detail: `${item.statusReason ?? 'No sign of life.'}${held}`,
        sinceMs,
      },
    ]
  if (item.status === 'incompatible')
    return [
      {
        ...about,
        key: `incompatible:${item.id}`,
        kind: 'node-incompatible',
        severity: 'warning',
        title: `${item.name} needs another node agent`,
        detail: item.statusReason ?? '',
        sinceMs,
      },
    ]
  if (item.status === 'lost')
    return [
      {
        ...about,
        key: `lost:${item.id}`,
        kind: 'node-lost',
        severity: 'critical',
        title: `${item.name} was given up`,
        detail: item.statusReason ?? '',
        sinceMs: Math.min(sinceMs, fleet.nowMs),
      },
    ]
  return []
}

function ofGpus(fleet: LoadedFleet): AttentionItem[] {
  return fleet.nodes.flatMap((node) =>
    node.gpus.flatMap((gpu): AttentionItem[] => {
      const about = { nodeId: node.id, nodeName: node.name, gpuId: gpu.id, gpuIndex: gpu.index, findingId: null }
      if (gpu.missingSince)
        return [
          {
            ...about,
            key: `missing:${gpu.id}`,
            kind: 'gpu-missing',
            severity: 'critical',
            title: `GPU ${gpu.index} of ${node.name} is no longer reported`,
            detail: `${gpu.name}, ${gpu.uuid}`,
            sinceMs: gpu.missingSince.getTime(),
          },
        ]
      if (gpu.health === 'quarantined' || gpu.health === 'failed')
        return [
          {
            ...about,
            key: `${gpu.health}:${gpu.id}`,
            kind: 'gpu-quarantined',
            severity: 'warning',
            title: `GPU ${gpu.index} of ${node.name} is ${gpu.health === 'failed' ? 'marked as failed' : 'quarantined'}`,
            detail: gpu.healthReason ?? '',
            sinceMs: gpu.updatedAt.getTime(),
          },
        ]
      return []
    }),
  )
}
