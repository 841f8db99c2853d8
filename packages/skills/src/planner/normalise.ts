/** The longest sentence the planner reads; what comes after is cut, never guessed at. */
export const MAX_UTTERANCE_CHARS = 2_000

const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/g
// Zero-width, bidi marks and overrides, variation selectors, soft hyphen, byte-order mark, tag characters.
const INVISIBLE =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e01ef}]/gu
const QUOTES: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4]/g, "'"],
  [/[\u201c\u201d\u201e\u00ab\u00bb]/g, '"'],
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/\u2026/g, '...'],
]

/** One plain line of text: compatibility forms folded, control and bidi characters gone, length capped. */
export function normalise(raw: string): string {
  // Cap before folding as well: one character may fold to eighteen, and nobody should wait for that.
  let text = raw.slice(0, MAX_UTTERANCE_CHARS * 2).normalize('NFKC')
  text = text.replace(INVISIBLE, '').replace(CONTROL, ' ')
  for (const [pattern, plain] of QUOTES) text = text.replace(pattern, plain)
  // A pair of backticks quotes a command; any other is somebody's apostrophe.
  if (text.split('`').length !== 3) text = text.replaceAll('`', "'")
  // A vote, not a number.
  text = text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\+1(?=$|[\s!.,])/, 'approved')
  return dropLoneSurrogate(text.slice(0, MAX_UTTERANCE_CHARS)).trim()
}

function dropLoneSurrogate(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '')
}
