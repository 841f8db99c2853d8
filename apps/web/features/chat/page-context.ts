import type { PageContext } from '@clawbernetes/protocol/views/chat'

export type Chip = { kind: string; id: string; label: string }

/** Turns the visible chips into what is sent; without chips nothing about the page is sent. */
export function toPageContext(chips: readonly Chip[]): PageContext | null {
  if (chips.length === 0) return null
  const first = (kind: string) => chips.find((chip) => chip.kind === kind)?.id
  const gpu = first('gpu')
  const gpuIndex = gpu === undefined ? Number.NaN : Number(gpu)
  return {
    page: first('page') ?? '',
    ...(first('node') ? { node: first('node') } : {}),
    ...(Number.isInteger(gpuIndex) ? { gpu: gpuIndex } : {}),
    ...(first('workload') ? { workload: first('workload') } : {}),
    ...(first('plan') ? { plan: first('plan') } : {}),
  }
}
