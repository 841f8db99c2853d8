/** What one look at the machine found. `fix`: the line to run or the step to take; null where there is nothing to mend. */
export interface Finding {
  id: string
  state: 'ok' | 'warn' | 'fail' | 'skip'
  summary: string
  fix: string | null
}

export const ok = (id: string, summary: string): Finding => ({ id, state: 'ok', summary, fix: null })
export const skip = (id: string, summary: string): Finding => ({ id, state: 'skip', summary, fix: null })
export const warn = (id: string, summary: string, fix: string): Finding => ({ id, state: 'warn', summary, fix })
export const fail = (id: string, summary: string, fix: string): Finding => ({ id, state: 'fail', summary, fix })
