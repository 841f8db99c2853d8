import { describe, expect, it } from 'vitest'
import { applyDelta, hasHole, rebase, shownText, startText } from './stream-text'

describe('streamed text', () => {
  it('appends words in order and ignores repeats', () => {
    let state = startText('')
    for (const delta of [
      { at: 0, text: 'Found ' },
      { at: 6, text: 'two' },
      { at: 0, text: 'Found ' },
      { at: 6, text: 'two' },
      { at: 9, text: ' nodes' },
    ])
      state = applyDelta(state, delta)
    expect(state.text).toBe('Found two nodes')
  })
  it('keeps words beyond a hole until it is filled', () => {
    let state = applyDelta(startText('a'), { at: 3, text: 'd' })
    expect(state.text).toBe('a')
    expect(hasHole(state)).toBe(true)
    state = applyDelta(state, { at: 1, text: 'bc' })
    expect(state).toEqual({ text: 'abcd', beyond: [] })
  })
  it('goes on from what is stored after a reload in the middle', () => {
    const state = applyDelta(startText('Eight nodes, sev'), { at: 12, text: ' seven healthy' })
    expect(state.text).toBe('Eight nodes, seven healthy')
  })
  it('never takes shown words away when an older copy is read', () => {
    expect(rebase(startText('abcdef'), 'abc').text).toBe('abcdef')
    expect(rebase(startText('abc'), 'abcdef').text).toBe('abcdef')
  })
  it('shows an ellipsis for words that were sent before the page was open', () => {
    let state = applyDelta(startText(''), { at: 10, text: 'later ' })
    state = applyDelta(state, { at: 16, text: 'words' })
    expect(shownText(state)).toBe('… later words')
  })
})
