import { throttleWords } from '../fleet/throttle-words'
import { xidEntry } from './xid-catalogue'

/** Plain words for something that a machine reported once. */
export function eventTitle(kind: string, code: number | null): string {
  switch (kind) {
    case 'xid':
      return code === null ? 'XID' : `XID ${code}: ${xidEntry(code)?.title ?? 'not in the catalogue'}`
    case 'sxid':
      return code === null ? 'NVSwitch error' : `NVSwitch error SXid ${code}`
    case 'throttle-start':
      return `Throttling began${words(code)}`
    case 'throttle-end':
      return 'Throttling ended'
    case 'gpu-lost':
      return 'GPU lost'
    case 'gpu-unreadable':
      return 'GPU cannot be read'
    case 'gpu-recovered':
      return 'GPU readable again'
    case 'oom-kill':
      return 'Process killed for memory'
    case 'context-hung':
      return 'GPU context hangs'
    case 'driver':
      return 'Driver message'
    default:
      return 'Node agent message'
  }
}

function words(code: number | null): string {
  const list = throttleWords(code)
  return list.length === 0 ? '' : `: ${list.join(', ')}`
}
