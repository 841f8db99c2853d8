import { setTimeout as sleep } from 'node:timers/promises'
import { LABELS } from './create-body'
import type { Engine } from './engine'

const RETRY_MS = 1000
/** Docker says die and destroy, Podman filters by died and remove; each ignores what it does not know. */
const EVENTS = ['start', 'die', 'died', 'oom', 'destroy', 'remove']

/** Calls back with the container's name at each event of ours, and with null after a gap in which events may have been missed. */
export function watchContainerEvents(
  engine: Engine,
  owner: string,
  onEvent: (name: string | null) => void,
): () => void {
  const abort = new AbortController()
  const filters = JSON.stringify({ type: ['container'], event: EVENTS, label: [`${LABELS.owner}=${owner}`] })
  const follow = async () => {
    const stream = await engine.docker.getEvents({ filters, abortSignal: abort.signal })
    onEvent(null)
    let rest = ''
    await new Promise<void>((resolve) => {
      stream.on('data', (chunk: Buffer) => {
        const lines = (rest + chunk.toString('utf8')).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) onEvent(nameIn(line))
      })
      stream.on('end', resolve)
      stream.on('close', resolve)
      stream.on('error', () => resolve())
    })
  }
  void (async () => {
    while (!abort.signal.aborted) {
      await follow().catch(() => undefined)
      await sleep(RETRY_MS, undefined, { signal: abort.signal, ref: false }).catch(() => undefined)
    }
  })()
  return () => abort.abort()
}

function nameIn(line: string): string | null {
  return /"name":"([^"]+)"/.exec(line)?.[1] ?? null
}
