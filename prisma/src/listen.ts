import pg from 'pg'

/** The one channel between processes. Payloads are small JSON: a topic and ids, never data. */
export const CHANNEL = 'clawbernetes'

export type Bell =
  /** Events up to `seq` exist for this organisation and room. */
  | {
      topic: 'event'
      orgId: string
      room: string
      seq: string
      /** All of them where it is more than one; of very many the newest. */
      seqs?: string[] | null
      /** The event itself where it is one and small: its hearers need not read it. */
      event?: {
        kind: string
        entityId: string
        entityVersion: number
        atMs: number
        data: Record<string, unknown>
      } | null
      /** What the event is about, where that is small too. */
      news?: Record<string, unknown> | null
    }
  /** A node's assignment list changed. */
  | { topic: 'assignments'; nodeId: string }
  /** A workload waits for GPUs, or GPUs became free. */
  | { topic: 'placement'; orgId: string }
  /** A command waits for a node. */
  | { topic: 'command'; nodeId: string }
  /** Words of an answer that is being written: not stored yet, lost without harm. */
  | {
      topic: 'delta'
      orgId: string
      threadId: string
      messageId: string
      text: string
      at: number
      /** The run of an answer that nobody has heard of yet, and the steps it took. */
      run?: { id: string; steps: BellStep[] }
    }

/** A step of the agent, for the line above its words. */
export interface BellStep {
  id: string
  ordinal: number
  name: string
  title: string
  state: 'done' | 'failed' | 'skipped'
  durationMs: number
}

/**
 * Listens until `stop()`; reconnects by itself with back-off and calls `onGap` after every reconnect,
 * because what rang in between was not heard.
 */
export function listen(
  url: string,
  onBell: (bell: Bell) => void,
  onGap: () => void,
): { ready: Promise<void>; stop(): Promise<void> } {
  let stopped = false
  let client: pg.Client | undefined
  let retryMs = 100
  let firstDone!: () => void
  const ready = new Promise<void>((resolve) => {
    firstDone = resolve
  })

  const connect = async (first: boolean): Promise<void> => {
    const next = new pg.Client({ connectionString: url, keepAlive: true })
    const lost = () => {
      if (client !== next && client !== undefined) return
      client = undefined
      if (!stopped) setTimeout(() => void connect(false), retryMs)
      retryMs = Math.min(retryMs * 2, 5000)
    }
    next.on('error', () => {})
    next.on('end', lost)
    next.on('notification', (n) => {
      const bell = parseBell(n.payload)
      if (bell) onBell(bell)
    })
    try {
      await next.connect()
      await next.query(`LISTEN ${CHANNEL}`)
    } catch {
      next.removeListener('end', lost)
      await next.end().catch(() => {})
      lost()
      return
    }
    if (stopped) return void (await next.end())
    client = next
    retryMs = 100
    firstDone()
    if (!first) onGap()
  }
  void connect(true)
  return {
    ready,
    stop: async () => {
      stopped = true
      await client?.end().catch(() => {})
    },
  }
}

function parseBell(payload: string | undefined): Bell | null {
  try {
    return JSON.parse(payload ?? '') as Bell
  } catch {
    return null
  }
}
