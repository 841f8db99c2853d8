import type { PageContext } from '@clawbernetes/protocol/views/chat'

type Selection = NonNullable<PageContext['selection']>
/** `items`: a chip that stands for several things, as the person selected them. */
export type Chip = { kind: string; id: string; label: string; items?: string[] }

const SELECTIONS: readonly Selection['kind'][] = ['gpus', 'nodes', 'workloads', 'log-lines', 'chart']
const MAX_ITEMS = 64
const MAX_ITEM_CHARS = 500
const MAX_LABEL_CHARS = 120

/** Turns the visible chips into what is sent; without chips nothing about the page is sent. */
export function toPageContext(chips: readonly Chip[]): PageContext | null {
  if (chips.length === 0) return null
  const first = (kind: string) => chips.find((chip) => chip.kind === kind)?.id
  const gpu = first('gpu')
  const gpuIndex = gpu === undefined ? Number.NaN : Number(gpu)
  const selected = selectionOf(chips)
  return {
    page: first('page') ?? '',
    ...(first('node') ? { node: first('node') } : {}),
    ...(Number.isInteger(gpuIndex) ? { gpu: gpuIndex } : {}),
    ...(first('workload') ? { workload: first('workload') } : {}),
    ...(first('plan') ? { plan: first('plan') } : {}),
    ...(selected ? { selection: selected } : {}),
  }
}

function selectionOf(chips: readonly Chip[]): Selection | null {
  for (const chip of chips) {
    const kind = SELECTIONS.find((known) => known === chip.kind)
    if (!kind) continue
    const items = (chip.items ?? [chip.id]).slice(0, MAX_ITEMS).map((item) => item.slice(0, MAX_ITEM_CHARS))
    return { kind, label: chip.label.slice(0, MAX_LABEL_CHARS), items }
  }
  return null
}
