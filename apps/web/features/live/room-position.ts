/**
 * What a browser has heard of a room. Positions arrive mostly in order, but a slower transaction may publish a lower one
 * after a higher one, and a rejoin replays a stretch again: everything is accepted once, nothing twice.
 */
const REMEMBERED = 400

export class RoomPosition {
  private highest: number | null = null
  private readonly recent = new Set<number>()

  /** Where to go on after a reconnect; null before the first event. */
  get seq(): number | null {
    return this.highest
  }

  /** True the first time a position is seen. */
  accept(seq: number): boolean {
    if (this.recent.has(seq)) return false
    if (this.highest !== null && seq < this.highest - REMEMBERED) return false
    this.recent.add(seq)
    if (this.recent.size > REMEMBERED) this.recent.delete(Math.min(...this.recent))
    this.highest = Math.max(this.highest ?? seq, seq)
    return true
  }
}
