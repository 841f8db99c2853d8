const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/\bwon't\b/g, 'will not'],
  [/\bcan'?t\b|\bcannot\b/g, 'can not'],
  [/\bshan't\b/g, 'shall not'],
  [/\b(do|does|did|is|are|was|were|have|has|had|would|could|should|must|need)n'?t\b/g, '$1 not'],
  [/\b(what|who|where|when|why|how|that|there|it|he|she|here)'s\b/g, '$1 is'],
  [/\b(what|who|where|how|that)s\b/g, '$1 is'],
  [/\b(what|who|where|how)'re\b/g, '$1 are'],
  [/\b(i)'?m\b/g, '$1 am'],
  [/\b(you|we|they)'re\b/g, '$1 are'],
  [/\b(i|you|we|they)'ve\b/g, '$1 have'],
  [/\b(i|you|we|they|he|she|it|that)'d\b/g, '$1 would'],
  [/\b(i|you|we|they|he|she|it|that)'ll\b/g, '$1 will'],
  [/\blet's\b|\blets\b/g, 'let us'],
  [/\b(?:pls|plz|plss|pleas|plese|pleae)\b/g, 'please'],
  [/\b(?:thx|thnx|ty|tnx|cheers)\b/g, 'thanks'],
  [/\bgimme\b/g, 'give me'],
  [/\blemme\b/g, 'let me'],
  [/\bwanna\b/g, 'want to'],
  [/\bgonna\b/g, 'going to'],
  [/\bgotta\b/g, 'have to'],
  [/\bu\b/g, 'you'],
  [/\bur\b/g, 'your'],
  [/\br\b/g, 'are'],
  [/\bw\//g, 'with '],
  [/\bb\/c\b|\bcuz\b|\bcoz\b/g, 'because'],
  [/\bidk\b/g, 'i do not know'],
  [/\bbtw\b|\bfyi\b|\bimo\b/g, ''],
  [/\basap\b/g, 'now'],
  [/\bppl\b/g, 'people'],
  [/\bmsgs?\b/g, 'message'],
  [/\bbtwn\b/g, 'between'],
  [/\bwhats\b|\bwat is\b|\bwut is\b/g, 'what is'],
  [/\butil\b|\butilisation\b/g, 'utilization'],
  [/\bperf\b/g, 'performance'],
  [/\bmem\b/g, 'memory'],
  [/\btemps?\b/g, 'temperature'],
  [/\bprod\b/g, 'production'],
  [/\bre-(?=[a-z])/g, 're'],
  [/\bun-(?=[a-z])/g, 'un'],
  [/\barrow\b/g, 'to'],
  [/\bfine[- ]tun/g, 'finetun'],
  [/\broll[- ]?back/g, 'rollback'],
  [/\bblue[-/]green\b/g, 'blue green'],
  [/\bauto[- ](scal|heal|restart)/g, 'auto$1'],
  [/\bcheck[- ]point/g, 'checkpoint'],
  [/\bwork[- ]load/g, 'workload'],
  [/\broll[- ]outs?\b/g, 'rollout'],
]

/** Lower-case words of a delexicalised sentence: contractions opened, chat shorthand written out. */
export function tokenise(delexicalised: string): string[] {
  let text = ` ${delexicalised.toLowerCase()} `
  for (const [pattern, plain] of CONTRACTIONS) text = text.replace(pattern, plain)
  return text.match(/[a-z][a-z0-9]*|\d+|\?|[^\x00-\x7f]+/g) ?? []
}

/** A light stemmer: enough to join "migrates", "migrated", "migrating" and "migration". */
export function stem(word: string): string {
  if (word.length <= 3 || word.startsWith('zz')) return word
  let w = word
  for (const [suffix, keep, put] of SUFFIXES) {
    if (w.endsWith(suffix) && w.length - suffix.length >= keep) {
      w = w.slice(0, -suffix.length) + put
      break
    }
  }
  if (w.length > 3 && w.endsWith('e')) w = w.slice(0, -1)
  const last = w.at(-1) ?? ''
  if (w.length > 3 && last === w.at(-2) && !/[lsz]/.test(last)) w = w.slice(0, -1)
  return w
}

const SUFFIXES: readonly (readonly [string, number, string])[] = [
  ['ization', 4, 'iz'],
  ['isation', 4, 'iz'],
  ['ising', 4, 'iz'],
  ['ations', 4, 'at'],
  ['ation', 4, 'at'],
  ['ments', 4, ''],
  ['ment', 4, ''],
  ['ically', 4, 'ic'],
  ['ingly', 4, ''],
  ['ings', 4, ''],
  ['ing', 3, ''],
  ['edly', 4, ''],
  ['ies', 3, 'i'],
  ['ied', 3, 'i'],
  ['ness', 4, ''],
  ['ably', 4, 'abl'],
  ['able', 4, 'abl'],
  ['ally', 4, 'al'],
  ['sses', 2, 'ss'],
  ['shes', 2, 'sh'],
  ['ches', 2, 'ch'],
  ['xes', 2, 'x'],
  ['ed', 3, ''],
  ['es', 3, ''],
  ['ly', 4, ''],
  ['y', 4, 'i'],
  ['ss', 2, 'ss'],
  ['us', 2, 'us'],
  ['is', 3, 'is'],
  ['s', 3, ''],
]

const LEAD =
  /^(?:(?:hey|hi|hello|yo|ok|okay|so|um+|uh+|well|alright|right|great|cool|nice|perfect|thanks|and|then|now|also|next|first|just|please|kindly|quickly|quick|real quick|claw|clawbernetes|agent|bot|there|team|guys|folks|sorry|oh|ah|hmm+|actually|maybe|if possible|when you get a (?:chance|minute|moment|sec)|if you can|if you could|would you mind|do you mind|would it be possible (?:for you )?to|is it possible (?:for you )?to|any chance you could|(?:can|could|would|will) (?:you|we|someone|u)(?: please| kindly| just| quickly| maybe| possibly| also)?|can i get you to|i (?:would|want|need|will need|would really) (?:like |love )?(?:you )?to|i would appreciate it if you could|i want|we (?:want|need|would like|have) to|you should|you can|go ahead and|let us|please go ahead and|help me(?: to)?|why do not (?:you|we)(?: just)?|how about (?:you|we)(?: just)?|be so kind (?:as )?to|i was wondering if you could|i think (?:we|you) should|time to|make sure (?:to|that you)|do me a favou?r and|quick question|question) ?[,:!-]* ?)+/
const TAIL =
  /(?: ?[,.!-]* ?(?:please|thanks|thank you|thanks a lot|many thanks|now|for me|right away|right now|immediately|quickly|when you can|if you can|if possible|ok|okay|would you|could you|will you|can you|for us|real quick|at once|asap|appreciated|much appreciated|mate|man|buddy|bro|dude|sir|today please|:\)|\?)+)+$/

/** The request without its wrapping of greetings and politeness; the whole when nothing would be left. */
export function unwrap(tokens: readonly string[]): { core: string[]; lead: string; polite: boolean } {
  const text = tokens.filter((token) => token !== '?').join(' ')
  const lead = LEAD.exec(text)?.[0] ?? ''
  let core = text.slice(lead.length)
  const tail = TAIL.exec(core)?.[0] ?? ''
  core = core.slice(0, core.length - tail.length)
  const words = core.split(' ').filter((word) => word !== '')
  if (words.length < 1) return { core: tokens.filter((token) => token !== '?'), lead: '', polite: false }
  return { core: words, lead: lead.trim(), polite: lead !== '' || tail !== '' }
}
