import * as z from 'zod'

/** How one person likes the app: kept in a cookie, so that the server's first paint is already right. */
export const PREFERENCES_COOKIE = 'cb_prefs'
export const CHAT_MIN_PX = 320
export const CHAT_MAX_PX = 640
export const CHAT_DEFAULT_PX = 420

const preferences = z.object({
  chatWidthPx: z.number().int().min(CHAT_MIN_PX).max(CHAT_MAX_PX).catch(CHAT_DEFAULT_PX),
  chatSide: z.enum(['left', 'right']).catch('right'),
  chatOpen: z.boolean().catch(true),
  navExpanded: z.boolean().catch(false),
  density: z.enum(['comfortable', 'compact']).catch('compact'),
  temperatureUnit: z.enum(['C', 'F']).catch('C'),
  singleKeys: z.boolean().catch(true),
})
export type Preferences = z.infer<typeof preferences>

/** Anything unreadable in the cookie falls back field by field. */
export function parsePreferences(cookie: string | undefined): Preferences {
  let raw: unknown = {}
  try {
    raw = cookie ? JSON.parse(cookie) : {}
  } catch {
    raw = {}
  }
  return preferences.parse(typeof raw === 'object' && raw !== null ? raw : {})
}
