import http from 'node:http'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'

type HealthCheck = NonNullable<ReplicaSpec['health']>

export interface HealthVerdict {
  ready: boolean
  /** Why it is not ready; null while ready, and during the start period. */
  problem: string | null
}

export interface HealthTarget {
  host: string
  port: number
}

/**
 * Asks over HTTP until stopped and reports each change: ready with the first good answer, not ready after `failures`
 * misses in a row. Misses within the start period count only once it had been ready. `target` is asked each time,
 * because an address may become known late; null counts as a miss.
 */
export function watchHttpHealth(
  check: HealthCheck,
  target: () => HealthTarget | null,
  startedAtMs: number,
  onVerdict: (verdict: HealthVerdict) => void,
): () => void {
  let stopped = false
  let misses = 0
  let last: HealthVerdict = { ready: false, problem: null }
  let timer: NodeJS.Timeout | undefined

  const report = (verdict: HealthVerdict) => {
    if (verdict.ready === last.ready && verdict.problem === last.problem) return
    last = verdict
    onVerdict(verdict)
  }
  const judge = (problem: string | null) => {
    if (problem === null) {
      misses = 0
      return report({ ready: true, problem: null })
    }
    const starting = !last.ready && Date.now() - startedAtMs < check.startPeriodMs
    if (starting) return
    misses += 1
    if (misses >= check.failures) report({ ready: false, problem })
  }
  const round = async () => {
    const at = target()
    const problem = at ? await problemOf(check, at) : 'its address is not known yet'
    if (stopped) return
    judge(problem)
    timer = setTimeout(() => void round(), check.intervalMs)
  }
  void round()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}

/** null when the answer is 2xx or 3xx in time; otherwise what went wrong, in words for a person. */
function problemOf(check: HealthCheck, at: HealthTarget): Promise<string | null> {
  return new Promise((resolve) => {
    const request = http.get({ host: at.host, port: at.port, path: check.path, agent: false }, (response) => {
      const status = response.statusCode ?? 0
      response.destroy()
      resolve(status >= 200 && status < 400 ? null : `GET ${check.path} answered ${status}`)
    })
    const deadline = setTimeout(() => {
      request.destroy()
      resolve(`GET ${check.path} gave no answer within ${check.timeoutMs} ms`)
    }, check.timeoutMs)
    request.on('error', (error: NodeJS.ErrnoException) =>
      resolve(`GET ${check.path} failed: ${error.code ?? error.message}`),
    )
    request.on('close', () => clearTimeout(deadline))
  })
}
