import { expect, it } from 'vitest'
import { parsePreferences } from './preferences'

it('falls back field by field, never as a whole', () => {
  expect(parsePreferences('{"chatSide":"left","chatWidthPx":9999}')).toMatchObject({
    chatSide: 'left',
    chatWidthPx: 420,
    chatOpen: true,
  })
})
it.each([undefined, '', 'null', '[', '7'])('survives the cookie %o', (cookie) => {
  expect(parsePreferences(cookie).density).toBe('compact')
})
