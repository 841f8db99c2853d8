import { seedOf } from '../physics/noise'

/**
 * Identity of a simulated GPU: always the same for a fleet, node and slot, so that a restart finds its own GPUs again.
 * The node's number and the slot can be read off it.
 */
export function simGpuUuid(fleet: string, node: string, index: number): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0').slice(-digits)
  const fleetPart = hex(seedOf(fleet), 8)
  const nodePart = hex(seedOf(`${fleet}/${node}`), 12)
  const number = Number(/(\d+)$/.exec(node)?.[1] ?? 0)
  return `GPU-${fleetPart}-${hex(number, 4)}-4${hex(index, 3)}-8${hex(seedOf(node), 3)}-${nodePart}`
}

/** Bus numbers as an eight-GPU HGX board has them. */
const BUSES = ['07', '0f', '47', '4e', '87', '90', 'b7', 'bd', 'c1', 'c8', 'd1', 'd6', 'da', 'e0', 'e6', 'ee']
export const simPciBusId = (index: number): string => `00000000:${(BUSES[index] ?? '01').toUpperCase()}:00.0`

/** The short form that the kernel prints in XID lines. */
export const kernelPciId = (pciBusId: string): string => {
  const [domain = '', bus = '', slot = ''] = pciBusId.toLowerCase().split(':')
  return `${domain.slice(-4)}:${bus}:${slot.split('.')[0] ?? '00'}`
}

export const simSerial = (fleet: string, node: string, index: number): string =>
  `16${String(seedOf(`${fleet}/${node}/${index}/serial`) % 100_000_000_000).padStart(11, '0')}`
