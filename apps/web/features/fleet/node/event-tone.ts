import type { Tone } from '../../../ui/status-pill'

const TONES: Record<string, Tone> = {
  xid: 'crit',
  sxid: 'crit',
  'gpu-lost': 'crit',
  'gpu-unreadable': 'crit',
  'oom-kill': 'warn',
  'context-hung': 'warn',
  'throttle-start': 'warn',
  'throttle-end': 'ok',
  'gpu-recovered': 'ok',
  'finding.opened': 'warn',
  'finding.cleared': 'ok',
}

export const eventTone = (kind: string): Tone => TONES[kind] ?? 'info'
