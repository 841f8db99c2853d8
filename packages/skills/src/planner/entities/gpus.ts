import { type Candidate, candidate } from './entity'
import { NUMBER, parseNumber } from './numbers'

const TYPES =
  'gh200|gb200|gb300|h100|h200|h800|h20|b100|b200|b300|a100|a800|a10g?|a16|a2|a30|a40|l40s?|l4|l20|v100|p100|p40|t4|k80|mi ?\\d{3}x?|(?:rtx ?)?a[456]000|rtx ?pro ?6000|(?:rtx ?)?(?:[2345]0[6789]0)(?: ?ti)?|gaudi ?[23]?|titan'
const TYPE = new RegExp(
  `(?<![\\w-])(?:nvidia |amd |geforce |tesla |instinct )*(?:(?:40|80|24|48|141|192) ?gb )?(${TYPES})(?:['’]?s)?(?:[- ](?:sxm\\d?|pcie|nvl))?(?:[- ](?:40|80|141|192) ?gb?)?(?![\\w])`,
  'gi',
)
const COUNT_OF_TYPE = new RegExp(
  `(?<![\\w.-])(${NUMBER}|an?|another) ?(?:x|×|\\*)? ?(?:more |free |idle |spare |extra |whole |nvidia |amd |of (?:the |our |my )?)?(?=(?:40|80|24|48) ?gb ${'(?:' + TYPES + ')'}|(?:${TYPES})s?(?![\\w]))`,
  'gi',
)
const COUNT = new RegExp(
  `(?<![\\w.-])(${NUMBER}) ?(?:x|×)? ?(?:more |free |idle |spare |extra |whole |additional |nvidia |available |of (?:the |our |my )?)*(?:gpus?|cards?|accelerators?|graphics cards?)\\b(?! ?(?:\\d|hours?))`,
  'gi',
)
const INDEX =
  /\b(?:gpus?|cards?|gpu id|gpu index|device|grafikkarte|accelerator|gup|gpuu)(?:[ -]?(?:number|no\.?|nr\.?|index|id))?[ _-]?(?:#|:)?(\d{1,2})\b(?!\s?(?:x\b|gb|%|percent|gpus?|replicas?|hours?|degrees|h100|a100|\.\d))/gi
const ALL =
  /\b(?:all|every|each)(?: of)?(?: the| our| my| its)?(?: available| free| idle| remaining)? ?(?:gpus?|cards?)\b(?! on every)|\bwhole node\b/gi

export function scanGpus(text: string): Candidate[] {
  const found: Candidate[] = []
  for (const match of text.matchAll(INDEX)) found.push(candidate('gpu', Number(match[1]), match.index, match[0], 90))
  for (const match of text.matchAll(TYPE))
    found.push(candidate('gpuType', canonicalType(match[1] ?? ''), match.index, match[0], 85))
  for (const match of text.matchAll(COUNT_OF_TYPE)) {
    const raw = (match[1] ?? '').toLowerCase()
    // "a100" alone must not read as "a" + "100": the count needs a space, an x, or digits before the type.
    const value = /^an?$|^another$/.test(raw) ? 1 : parseNumber(raw)
    if (/^an?$/.test(raw) && !/\s$/.test(match[0])) continue
    if (value >= 1 && value <= 4_096) found.push(candidate('gpuCount', value, match.index, match[0].trimEnd(), 84))
  }
  for (const match of text.matchAll(COUNT)) {
    const value = parseNumber(match[1] ?? '1')
    if (/^one of /i.test(match[0])) continue
    if (value >= 1 && value <= 4_096) found.push(candidate('gpuCount', value, match.index, match[0], 74))
  }
  for (const match of text.matchAll(ALL)) found.push(candidate('allGpus', 'all', match.index, match[0], 50))
  return found
}

/** "a 100s", "rtx4090", "mi300x" as the names the market and the fleet use: A100, RTX 4090, MI300X. */
export function canonicalType(raw: string): string {
  const plain = raw.toUpperCase().replace(/\s+/g, '')
  const consumer = /^(?:RTX)?([2345]0[6789]0)(TI)?$/.exec(plain)
  if (consumer !== null) return `RTX ${consumer[1]}${consumer[2] === undefined ? '' : ' Ti'}`
  const pro = /^(?:RTX)?(A[456]000)$/.exec(plain)
  if (pro !== null) return `RTX ${pro[1]}`
  return plain
}
