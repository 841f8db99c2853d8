/**
 * Room names as browsers ask for them, `<kind>:<id>`. A socket only ever joins rooms of the organisation of its session:
 * the organisation is prefixed on the server and never taken from the client.
 */
export const ROOM_KINDS = [
  'org',
  'fleet',
  'node',
  'workload',
  'logs',
  'deploy',
  'run',
  'thread',
  'plan',
  'incident',
  'market',
  'ledger',
] as const
export type RoomKind = (typeof ROOM_KINDS)[number]
export type Room = { kind: RoomKind; id: string }

const PATTERN = /^([a-z]+):([A-Za-z0-9_.-]{1,120})$/

export function parseRoom(name: unknown): Room | null {
  if (typeof name !== 'string') return null
  const match = PATTERN.exec(name)
  const kind = ROOM_KINDS.find((candidate) => candidate === match?.[1])
  return kind && match?.[2] ? { kind, id: match[2] } : null
}

export function scopedRoom(organizationId: string, name: string): string {
  return `${organizationId}/${name}`
}

/** Rooms of the organisation as a whole are named after it; those of entities are kept apart by the prefix. */
export function roomIsOf(room: Room, organizationId: string): boolean {
  return room.kind === 'org' || room.kind === 'fleet' ? room.id === organizationId : true
}
