/** Something the person at the keyboard can mend; its message is one sentence that says how. */
export class StartFailure extends Error {
  name = 'StartFailure'

  /**
   * @param {string} message
   * @param {string} [details] what a tool said, shown below the sentence
   */
  constructor(message, details = '') {
    super(message)
    this.details = details
  }
}

/** The text to show for any error: a sentence where we have one, everything where we do not. */
export function explain(error) {
  if (error?.code === 'ENOSPC') return 'The disk is full: free some space and start again.'
  if (error?.name === 'StartFailure') return [error.message, error.details].filter(Boolean).join('\n')
  if (error?.name === 'DatabaseStartError') return error.message
  return error?.stack ?? String(error)
}
