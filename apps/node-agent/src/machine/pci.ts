const BUS_ID = /^(?:([0-9a-f]{1,8}):)?([0-9a-f]{1,2}):([0-9a-f]{1,2})(?:\.[0-9a-f])?$/i

/** One spelling for a PCI address: kernel lines say 0000:9b:00, nvidia-smi 00000000:9B:00.0. null: not an address. */
export function sameBus(text: string): string | null {
  const [, domain = '0', bus, device] = BUS_ID.exec(text.trim()) ?? []
  if (!bus || !device) return null
  return `${domain.toLowerCase().padStart(8, '0').slice(-8)}:${bus.toLowerCase().padStart(2, '0')}:${device.toLowerCase().padStart(2, '0')}`
}
