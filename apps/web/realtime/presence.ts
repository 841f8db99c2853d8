import type { Server } from 'socket.io'

/** What a browser says its person looks at: a page, a conversation, a plan. */
const SUBJECT = /^(?:page|thread|plan):[A-Za-z0-9_./-]{1,200}$/
const MAX_SUBJECTS = 12
/** Changes of one moment are told together; moving between pages is a few of them. */
const GATHER_MS = 120

export type Present = { userId: string; name: string; looking: string[] }
type Watcher = { userId: string; name: string; orgId: string; looking: readonly string[] }

/** Who is here and at what they look, for their own organisation only. Kept in memory: presence that outlives a restart would be a lie. */
export class PresenceBoard {
  private readonly watchers = new Map<string, Watcher>()
  private readonly changed = new Set<string>()
  private timer: NodeJS.Timeout | null = null

  constructor(private readonly io: Server) {}

  enter(socketId: string, person: { userId: string; name: string; orgId: string }): void {
    this.watchers.set(socketId, { ...person, looking: [] })
    this.tellSoon(person.orgId)
  }

  look(socketId: string, subjects: unknown): void {
    const watcher = this.watchers.get(socketId)
    if (!watcher || !Array.isArray(subjects)) return
    const known = subjects.filter((s): s is string => typeof s === 'string' && SUBJECT.test(s))
    this.watchers.set(socketId, { ...watcher, looking: known.slice(0, MAX_SUBJECTS) })
    this.tellSoon(watcher.orgId)
  }

  leave(socketId: string): void {
    const watcher = this.watchers.get(socketId)
    if (!watcher) return
    this.watchers.delete(socketId)
    this.tellSoon(watcher.orgId)
  }

  close(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
  }

  private tellSoon(orgId: string): void {
    this.changed.add(orgId)
    this.timer ??= setTimeout(() => this.tell(), GATHER_MS)
  }

  private tell(): void {
    this.timer = null
    const orgIds = [...this.changed]
    this.changed.clear()
    for (const orgId of orgIds) this.io.to(`${orgId}/members`).emit('presence', this.peopleOf(orgId))
  }

  /** One entry for each person, however many tabs they have. */
  private peopleOf(orgId: string): Present[] {
    const people = new Map<string, Present>()
    for (const watcher of this.watchers.values()) {
      if (watcher.orgId !== orgId) continue
      const known = people.get(watcher.userId)
      const looking = [...new Set([...(known?.looking ?? []), ...watcher.looking])]
      people.set(watcher.userId, { userId: watcher.userId, name: watcher.name, looking })
    }
    return [...people.values()]
  }
}
