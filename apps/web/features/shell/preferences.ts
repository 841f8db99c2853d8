/** How one person likes the app: kept in a cookie, so that the server's first paint is already right. */
export const PREFERENCES_COOKIE = 'cb_prefs'
export const CHAT_MIN_PX = 320
export const CHAT_MAX_PX = 640
export const CHAT_DEFAULT_PX = 420

export type Preferences = {
  chatWidthPx: number
  chatSide: 'left' | 'right'
  chatOpen: boolean
  navExpanded: boolean
  density: 'comfortable' | 'compact'
  temperatureUnit: 'C' | 'F'
  singleKeys: boolean
}

/**
 * Anything unreadable in the cookie falls back field by field. By hand, because every page carries this file and a schema
 * library would weigh ten times as much as the shell's own code.
 */
export function parsePreferences(cookie: string | undefined): Preferences {
  const raw = readJson(cookie)
  const flag = (name: string, fallback: boolean): boolean => (typeof raw[name] === 'boolean' ? raw[name] : fallback)
  const width = raw.chatWidthPx
  const widthFits = typeof width === 'number' && width >= CHAT_MIN_PX && width <= CHAT_MAX_PX
  return {
    chatWidthPx: widthFits ? Math.round(width) : CHAT_DEFAULT_PX,
    chatSide: raw.chatSide === 'left' ? 'left' : 'right',
    chatOpen: flag('chatOpen', true),
    navExpanded: flag('navExpanded', false),
    density: raw.density === 'comfortable' ? 'comfortable' : 'compact',
    temperatureUnit: raw.temperatureUnit === 'F' ? 'F' : 'C',
    singleKeys: flag('singleKeys', true),
  }
}

function readJson(cookie: string | undefined): Record<string, unknown> {
  try {
    const raw: unknown = JSON.parse(cookie ?? '{}')
    return typeof raw === 'object' && raw !== null ? { ...raw } : {}
  } catch {
    return {}
  }
}
