import { guessKind, type InventoryIndex } from '../inventory'
import { type Candidate, candidate } from './entity'

// Hyphenated English: not the names of anything.
const PLAIN_HYPHENS = new Set(
  'fine-tune fine-tunes fine-tuned fine-tuning re-run re-runs roll-out roll-back set-up sign-up sign-in sign-ins sign-ups log-ins log-in shut-down spin-up start-up back-up clean-up scale-up scale-out scale-down read-only read-write multi-node multi-gpu single-gpu single-node blue-green blue/green day-to-day end-to-end up-to-date real-time run-time down-time up-time over-heating health-check health-checks open-source pre-train pre-training pre-trained auto-scale auto-scaling auto-scaler auto-heal auto-healing auto-restart auto-rollback e-mail low-cost long-running high-memory on-call on-demand on-prem opt-in opt-out per-node per-gpu per-hour gpu-hour gpu-hours node-hours half-speed full-speed week-end re-start re-deploy re-train re-try un-cordon non-urgent follow-up check-in check-point check-points post-mortem root-cause first-class so-called well-known step-by-step one-by-one state-of-the-art night-time day-time off-peak off-hours mid-day worst-case best-case long-term short-term two-step right-sized under-used under-utilized over-allocated out-of-memory time-out cross-check double-check sanity-check ad-hoc all-clear go-ahead thumbs-up no-one trade-off write-up so-so bare-metal batch-size self-service built-in close-up what-if peer-to-peer pay-as-you-go a-ok x-ray t-shirt ex-colleague good-looking brand-new old-fashioned left-over follow-ups gpu-cluster nvidia-smi work-load data-set data-sets knock-on tear-down'.split(
    ' ',
  ),
)
const KEBAB = /(?<![\w./@#:-])[a-z][a-z0-9]*(?:[-_][a-z0-9]+)+(?![\w/@]|\.\w)/gi
const AFTER_WORD =
  /\b(?:workload|service|deployment|job|batch|container|experiment|volume|schedule|cron(?:job)?|canary|called|named)[ :]+["']?([a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*\d*)["']?/gi
const NOT_A_NAME = new Set(
  'is was are were be been on in to at for of the a an and or but with from by that this it its as if not no so do does did done has have had will would can could should may might must again now then today tonight tomorrow yesterday running stuck failed pending finished finishing done stopped slow hanging crashed crashes crashing dead down up healthy complete completed keeps went got gets just still also only every each all any some status logs log output named called which what when where who why how please right there here over across using use run runs ran size job jobs node nodes gpu gpus type name names list queue schedule schedules report service services endpoint url mesh account update restart release rollout logs until once twice after before while since because too back off out into via than then them they we you i he she please like needs need takes took instead weekly daily nightly hourly monthly without mode seems looks failing fails fail died dies hung hangs progress traffic errors error completion finish start started starting yet exactly anymore automatically manually me my our your his her their safely doing going v1 v2 v3 percentage deployment deployments'.split(
    ' ',
  ),
)
const PROVIDER =
  /(?<![\w-])(?:provider-[a-z0-9]+(?:-[a-z0-9]+)*|(?:aws|lambda|coreweave|runpod|vast|gcp|azure)(?:-\d+)?)(?![\w-])/gi
const IDS: readonly (readonly ['planId' | 'offerId' | 'batchId' | 'canaryId', RegExp])[] = [
  [
    'planId',
    /(?<![\w-])(?:plan(?:[-_#]| #?(?=\d|[a-z]+-?\d))+(?=[a-z0-9-]*\d)[a-z0-9][\w-]*|pln?[-_]\w+|p-?(?!(?:50|9\d|99\d)\b)\d{1,6})(?![\w-])/gi,
  ],
  [
    'offerId',
    /(?<![\w-])(?:offer|listing)(?:[-_#]+| #| (?=\d+(?!\d| ?(?:gpus?|x|of|a100s?|h100s?|cards?|spare|idle|free|nodes?))))(?=[a-z0-9-]*\d)[a-z0-9][\w-]*(?![\w-])/gi,
  ],
  ['batchId', /(?<![\w-])batch[-_#](?=[a-z0-9-]*\d)[a-z0-9][\w-]*(?![\w-])/gi],
  ['canaryId', /(?<![\w-])canary[-_#](?=[a-z0-9-]*\d)[a-z0-9][\w-]*(?![\w-])/gi],
]

/** Names of workloads, services, providers and ids of plans, offers, batches, canaries. */
export function scanNames(text: string, index: InventoryIndex): Candidate[] {
  const found: Candidate[] = []
  for (const match of text.matchAll(/[a-z0-9][\w.-]*[a-z0-9]|[a-z0-9]/gi)) {
    if (index.names.has(match[0].toLowerCase()))
      found.push(candidate('name', match[0].toLowerCase(), match.index, match[0], 100))
  }
  for (const [kind, pattern] of IDS) {
    for (const match of text.matchAll(pattern))
      found.push(
        candidate(
          kind,
          match[0]
            .toLowerCase()
            .replace(/[ #_]+/g, '-')
            .replace(/-+/g, '-'),
          match.index,
          match[0],
          94,
        ),
      )
  }
  for (const match of text.matchAll(PROVIDER)) {
    const named = match[0].toLowerCase()
    found.push(
      candidate(
        'provider',
        named,
        match.index,
        match[0],
        named.startsWith('provider-') ? 93 : /-\d+$/.test(named) ? 84 : 40,
      ),
    )
  }
  for (const match of text.matchAll(KEBAB)) {
    const name = match[0].toLowerCase()
    if (PLAIN_HYPHENS.has(name) || isMeasure(name)) continue
    found.push(candidate('name', name, match.index, match[0], 82))
  }
  for (const match of text.matchAll(AFTER_WORD)) {
    const name = (match[1] ?? '').toLowerCase()
    if (
      NOT_A_NAME.has(name) ||
      /^\d|^zz/.test(name) ||
      (name.length < 4 && !/\d/.test(name)) ||
      /(?:ing|ed|ly)$/.test(name)
    )
      continue
    // A bare word is a name only behind "called" or when it carries a digit; "job" alone says too little.
    if (!/[-_\d]/.test(name) && !/^(?:called|named)/i.test(match[0])) continue
    const at = match.index + match[0].toLowerCase().lastIndexOf(name)
    found.push(candidate('name', name, at, match[1] ?? '', 78))
  }
  return found.map((entity) =>
    entity.kind === 'name' ? { ...entity, token: TOKEN_OF[guessKind(entity.value, index)] ?? 'zzname' } : entity,
  )
}

const TOKEN_OF: Readonly<Record<string, string>> = {
  volume: 'zzvolume',
  job: 'zzjob',
  batch: 'zzjob',
  schedule: 'schedule zzid',
}

/** "4-hour", "two-gpu", "a100-80gb": a measure or a kind of thing, not a name. */
function isMeasure(name: string): boolean {
  return (
    /^(?:\d+|one|two|three|four|five|six|eight|ten|twelve|half|multi|single|per|non|pre|re|un|sub|anti|semi|self|auto|low|high|mid|long|short|full|cost|cpu|gpu|vram|memory|openai|cuda)-/.test(
      name,
    ) ||
    /-(?:hours?|days?|minutes?|mins?|weeks?|gpus?|nodes?|compatible|based|like|free|wide|only|friendly|related|specific|level|ish|ready|side|time|up|down|out|off|in|on|to|by|of|the)$/.test(
      name,
    )
  )
}
