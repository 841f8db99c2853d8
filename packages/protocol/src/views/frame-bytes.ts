/** No value for this GPU: not reported, stale or unreachable. */
export const FRAME_NO_DATA = 255
/** Bytes per unit: a byte b of `util` means b / 2 percent, of `temp` b °C, of `power` b / 2 percent of the power limit. */
export const FRAME_SCALE = { util: 2, mem: 2, temp: 1, power: 2 } as const
/** Meaning of a byte of `state`. New words go to the end: a page that is open during an update keeps reading the old ones right. */
export const FRAME_STATES = [
  'free',
  'allocated',
  'suspect',
  'quarantined',
  'resetting',
  'failed',
  'unreadable',
  'missing',
  'no-data',
  'cordoned',
] as const
