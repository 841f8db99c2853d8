import type { LogLevel } from '@clawbernetes/protocol/views/workload-log'

/** A level word counts near the start of a line only: "0 errors" at the end of a sentence is no error. */
const HEAD_LENGTH = 90
const WORDS: [LogLevel, RegExp][] = [
  ['error', /\b(?:ERROR|ERR|CRITICAL|FATAL|SEVERE|PANIC)\b|\blevel[="': ]+(?:error|fatal|critical)\b/],
  ['warning', /\b(?:WARN|WARNING)\b|\blevel[="': ]+warn(?:ing)?\b/],
  ['info', /\b(?:INFO|NOTICE)\b|\blevel[="': ]+info\b/],
  ['debug', /\b(?:DEBUG|TRACE)\b|\blevel[="': ]+(?:debug|trace)\b/],
]
/** What interpreters print when they die, wherever it stands. */
const CRASH =
  /^(?:Traceback \(most recent call last\)|[\w.]*(?:Error|Exception)(?::|$)|terminate called|Segmentation fault|Killed$|RuntimeError)|CUDA error|out of memory/i
/** klog and glog: "E0712 10:22:01". */
const GLOG = /^([IWEF])\d{4} \d\d:/
const GLOG_LEVELS: Record<string, LogLevel> = { I: 'info', W: 'warning', E: 'error', F: 'error' }

/** The level that a line states or shows; null where it says nothing. Standard error alone is no error: many log there. */
export function logLevelOf(text: string, stream: string): LogLevel | null {
  if (stream === 'agent') return 'info'
  const glog = GLOG.exec(text)?.[1]
  if (glog) return GLOG_LEVELS[glog] ?? null
  const head = text.slice(0, HEAD_LENGTH)
  const word = WORDS.find(([, pattern]) => pattern.test(head))?.[0]
  if (word) return word
  return CRASH.test(text.trimStart()) ? 'error' : null
}
