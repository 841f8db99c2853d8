import { describe, expect, it } from 'vitest'
import { describeEnding } from './ending'

const end = (exitCode: number | null, oomKilled: boolean | null = false, stopAsked = false) =>
  describeEnding({ exitCode, oomKilled, stopAsked })

describe('what an end means', () => {
  it('is success only for exit code 0 and for an end that was asked for', () => {
    expect(end(0)).toMatchObject({ phase: 'exited', reason: null })
    expect(end(143, false, true)).toMatchObject({ phase: 'exited', signal: 'SIGTERM', reason: { code: 'stopped' } })
    expect(end(1)).toMatchObject({ phase: 'failed', reason: { code: 'exit-code' } })
    expect(end(139)).toMatchObject({ phase: 'failed', signal: 'SIGSEGV', reason: { code: 'signal' } })
  })

  it('is told as memory when the kernel said so, whatever the exit code', () => {
    expect(end(137, true)).toMatchObject({ phase: 'failed', oomKilled: true, reason: { code: 'oom' } })
    expect(end(0, true)).toMatchObject({ phase: 'exited', reason: { code: 'oom' } })
    expect(end(null, true)).toMatchObject({ phase: 'failed', reason: { code: 'oom' } })
  })

  it('is only suspected to be memory when nobody can tell', () => {
    expect(end(137, null)).toMatchObject({ phase: 'failed', oomKilled: null, reason: { code: 'oom-suspected' } })
    expect(end(137, false)).toMatchObject({ reason: { code: 'signal' } })
    expect(end(137, null, true)).toMatchObject({ phase: 'exited', reason: { code: 'stopped' } })
  })

  it('keeps an unknown exit code unknown', () => {
    expect(end(null, null)).toMatchObject({ phase: 'failed', exitCode: null, reason: { code: 'exit-unknown' } })
  })

  it('names a command that was not found or may not be run', () => {
    expect(end(127)).toMatchObject({ reason: { code: 'command-missing' } })
    expect(end(126)).toMatchObject({ reason: { code: 'command-missing' } })
    expect(end(255)).toMatchObject({ signal: null, reason: { code: 'exit-code' } })
  })
})
