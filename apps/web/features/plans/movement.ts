/** Where the buttons stood at one moment, in the window. */
export type Position = { atMs: number; x: number; y: number }

/** Less is a rounding of the layout, not a move. */
const MOVED_PX = 3

/**
 * The moves of something that should stand still, from positions that are noted now and then. A move that the person makes
 * themselves, by scrolling, is no surprise and does not count.
 */
export class Movement {
  private last: Position | null = null
  private movedAtMs = Number.NEGATIVE_INFINITY
  private ownScrollAtMs = Number.NEGATIVE_INFINITY

  constructor(private readonly holdMs: number) {}

  note(position: Position): void {
    const { last } = this
    this.last = position
    if (!last || (Math.abs(position.x - last.x) < MOVED_PX && Math.abs(position.y - last.y) < MOVED_PX)) return
    if (position.atMs - this.ownScrollAtMs > this.holdMs) this.movedAtMs = position.atMs
  }

  noteOwnScroll(atMs: number): void {
    this.ownScrollAtMs = atMs
  }

  /** It moved so lately that a press may have been meant for what stood there before. */
  isRecent(nowMs: number): boolean {
    return nowMs - this.movedAtMs < this.holdMs
  }
}
