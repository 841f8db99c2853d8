/**
 * What a sentence names only to say that it is not meant. The other half is the request, so the words of this one must not
 * speak for another: "not resume, restart it from zero", "do it now instead of waiting for the schedule".
 */
const SET_ASIDE: readonly RegExp[] = [
  // "not resume, restart …", "no drain, only cordon …": a word or two set aside at the start, the request behind.
  /^(?:(?:please|ok|no|and|but) ,? ?)*(?:not|no) (?:an? |the |only )?(?!more\b|new\b|longer\b|one\b|idea\b|need\b|further\b|jobs?\b)[a-z]+(?: [a-z]+)?, (?=(?:but |just |only |please |rather |instead )*[a-z]+ \S)/,
  // "stopping is not enough, delete …"
  /^[a-z]+(?: it| that)? (?:is not|isn't|won't be|is no longer) enough,? (?:so |please )*(?=[a-z]+ \S)/,
  // "… , not a restart", "…, not drain it"
  /(?<=\S\s?), (?:but )?not (?:an? |the )?(?:only )?[a-z]+(?: it| them| that)?(?= ?[.!]?$)/,
  // "… instead of waiting for the schedule"; what stands for a name is the name that is meant to change.
  /(?<=\S+ \S+) (?:instead of|rather than) (?!zz)[a-z]+ing\b[^,.;]*/,
]

/** The sentence without what it sets aside; the whole where nothing would be left. */
export function withoutContrast(text: string): string {
  let left = text
  for (const pattern of SET_ASIDE) left = left.replace(pattern, ' ')
  left = left.replace(/\s+/g, ' ').trim()
  return left.split(' ').length >= 2 ? left : text
}
