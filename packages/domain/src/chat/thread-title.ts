/** Long enough to be told apart in a list, short enough for one line of it. */
const TITLE_CHARS = 60

/** Politeness and preambles say nothing about what a conversation is about. */
const PREAMBLE =
  /^(?:(?:hi|hello|hey|hallo|ok|okay|so|well|please|thanks|now|also)\b[\s,!.:;-]*|(?:can|could|would|will)\s+(?:you|we)\s+(?:please\s+)?|i(?:'d| would)\s+like\s+(?:you\s+)?to\s+|i\s+(?:need|want)\s+(?:you\s+)?to\s+|(?:let's|lets)\s+|(?:show|give|tell)\s+me\s+(?=\S+\s+\S))/i
/** Where a second thought begins; the first names the conversation. */
const SENTENCE_END = /[.?!](?=\s|$)|[;\n]/

/** A title from the first request of a conversation: its first sentence without the preamble. Empty words keep the words as they are. */
export function threadTitle(request: string): string {
  const whole = request.normalize('NFKC').replace(/\s+/g, ' ').trim()
  const bare = withoutPreamble(whole)
  const end = bare.search(SENTENCE_END)
  const sentence = (end > 0 ? bare.slice(0, end) : bare).replace(/[\s,:-]+$/, '')
  const words = sentence.length >= 3 ? sentence : whole
  return withAcronyms(capitalised(shortened(words)))
}

function withoutPreamble(text: string): string {
  let rest = text
  for (;;) {
    const shorter = rest.replace(PREAMBLE, '')
    if (shorter === rest || shorter.length < 3) return rest
    rest = shorter
  }
}

function shortened(text: string): string {
  if (text.length <= TITLE_CHARS) return text
  const cut = text.slice(0, TITLE_CHARS - 1)
  const space = cut.lastIndexOf(' ')
  return `${(space > TITLE_CHARS / 2 ? cut.slice(0, space) : cut).replace(/[\s,.:;-]+$/, '')}…`
}

/** Only plain words get a capital: `node-06` and `/data` are names. */
function capitalised(text: string): string {
  const first = /^\S+/.exec(text)?.[0] ?? ''
  return /^(?:[a-z]+|fine-tun(?:e|ing))[,']?$/.test(first) ? `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}` : text
}

const ACRONYM = /\b(gpus?|vram|ecc|xid|nvlink|llm|cpu)\b/gi

/** "Gpus" is no word of this field. */
function withAcronyms(text: string): string {
  return text.replace(ACRONYM, (word) => {
    const lower = word.toLowerCase()
    if (lower === 'nvlink') return 'NVLink'
    return lower.endsWith('s') ? `${lower.slice(0, -1).toUpperCase()}s` : lower.toUpperCase()
  })
}
