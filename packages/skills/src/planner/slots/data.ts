import type { Filler, SlotInput } from '../slots'

const PERIODS: readonly (readonly [RegExp, string])[] = [
  [/\bmonthly|per month|a month\b/, 'month'],
  [/\bweekly|per week\b/, 'week'],
  [/\bdaily|per day|a day\b/, 'day'],
  [/\byear/, 'year'],
]
const ROLE = /\b(admin(?:istrator)?|owner|viewer|operator|approver|read[- ]only)\b/

function role(s: SlotInput): string | undefined {
  const word = ROLE.exec(s.lower)?.[1]
  if (word === undefined)
    return s.has(/\b(?:approve (?:plans|changes)|sign off)\b/)
      ? 'approver'
      : s.has(/\bviewing\b/)
        ? 'viewer'
        : undefined
  return word.startsWith('admin') ? 'admin' : word.startsWith('read') ? 'viewer' : word
}

function person(s: SlotInput): string | undefined {
  const email = s.one('email')
  if (email !== undefined) return email
  const word =
    /\b(?:make|promote|demote|give|allow|let|restrict|grant|downgrade|upgrade|turn|remove|revoke|from|of|to|by|did|has|does) (?!the\b|an?\b|my\b|all\b|admin|viewer|operator|approver|owner|any|i\b|we\b|you\b|our\b|your\b|role\b|rights\b)([a-z]{2,20})\b(?:'s)?/i.exec(
      s.text,
    )?.[1] ?? /\b([a-z]{2,20})'s\b/i.exec(s.text)?.[1]
  const subject =
    /^(?:please |ok |and )?([A-Z]?[a-z]{2,20}) (?:becomes?|should (?:be|become)|is now|needs to be|gets)\b/.exec(
      s.text,
    )?.[1]
  return (word ?? subject)?.toLowerCase()
}

function secretName(s: SlotInput): string | undefined {
  // Words with underscores are names of secrets and of nothing else that is talked about.
  const key =
    s.one('envKey') ??
    /\b(?:called|named) ["']?([A-Za-z][\w-]+)/.exec(s.text)?.[1] ??
    /\b[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+\b/.exec(s.text)?.[0]
  if (key !== undefined) return key
  return s.pick([
    [/hugging ?face|\bhf\b/, 'hugging_face_token'],
    [/\bwandb\b/, 'wandb_key'],
    [/\bregistry\b/, 'registry_password'],
    [/\bdatabase|\bdb\b/, 'database_password'],
    [/\bs3\b/, 's3_credentials'],
    [/\bapi key\b/, 'api_key'],
    [/\btls|certificate\b/, 'tls_certificate'],
  ])
}

/** "rotate the secret hf_token": its own name is not the service that it is for. */
function secretSlots(s: SlotInput): { name: string | undefined; service: string | undefined } {
  const [name, service] = [secretName(s), s.name()]
  return { name, service: service?.toLowerCase() === name?.toLowerCase() ? undefined : service }
}

/** Money, reports, secrets, volumes, people. */
export const dataFillers = {
  cost_report: (s) => ({
    period: s.one('when') ?? s.pick(PERIODS),
    group_by: /\b(?:by|per|each|every|which) (team|project|user|node|workload|service|gpu|day|model)\b/.exec(
      s.lower,
    )?.[1],
    service: s.name(['service']),
    workload: s.name(['workload']),
    metric: s.pick([
      [/\butili[sz]ation|underus|underutil|barely used|how well|efficien/, 'utilization'],
      [/\bgpu hours?\b/, 'gpu_hours'],
      [/\bwast|idle/, 'waste'],
      [/\bbudget/, 'budget'],
      [/\bsav(?:e|ings?)|optimi|reduce|cheapest|cut/, 'savings'],
    ]),
    category: s.pick([
      [/\belectric|power\b/, 'power'],
      [/\bgpus?\b/, 'gpu'],
      [/\bstorage\b/, 'storage'],
    ]),
    projection: s.has(/\b(?:projected|forecast|estimate|would it cost|next month|will)\b/) || undefined,
  }),
  set_alert: (s) => ({
    metric: s.pick([
      [/\btemp|degrees|hot|overheat|cools? down/, 'gpu_temperature'],
      [/\becc\b/, 'ecc_errors'],
      [/\bqueue|pending/, 'queue_length'],
      [/\berror|\b5xx\b|\bfailed jobs?\b/, 'error_rate'],
      [/\blatency|p9\d|slow/, 'latency'],
      [/\bdisk/, 'disk'],
      [/\bmemory|vram/, 'memory'],
      [/\butil/, 'utilization'],
      [/\bspend|budget|cost/, 'spend'],
      [
        /\bnode\b[^.]*\b(?:down|offline|lost|disappears|unhealthy|drops|back)|node (?:loss|offline)|goes offline/,
        'node_down',
      ],
      [/\b(?:finish|done|complete)/, 'workload_finished'],
      [/\b(?:fail|crash|stops|dies|down)/, 'workload_failed'],
      [/\bthrottl/, 'throttling'],
      [/\bfree\b/, 'gpu_free'],
      [/\bcanary\b/, 'canary_failed'],
    ]),
    above: s.one('percent') ?? s.one('money') ?? aboveOf(s.lower),
    below: s.has(/\b(?:below|under|less than|drops? to)\b/) ? s.one('percent') : undefined,
    channel: channelOf(s),
    node: s.node('never'),
    workload: s.name(),
  }),
  schedule_report: (s) => ({
    report: s.pick([
      [/\bcost|spend/, 'cost'],
      [/\butili/, 'utilization'],
      [/\bhealth|fleet|status|summary|overview|digest|report/, 'health'],
    ]),
    schedule: s.one('schedule'),
    channel: channelOf(s),
    to: s.one('email'),
  }),
  share_report: (s) => ({
    report:
      s.pick([
        [/\bincident|post-?mortem|findings\b/, 'incident'],
        [/\bhealth|fleet\b/, 'health'],
        [/\bcost\b/, 'cost'],
      ]) ?? s.state.refs.report,
    channel:
      channelOf(s) ??
      s.pick([
        [/\bticket|jira|issue\b/, 'ticket'],
        [/\blink|public\b/, 'link'],
        [/\bpdf|export\b/, 'pdf'],
      ]),
    to: s.one('email') ?? (s.has(/\bteam\b/) ? 'team' : undefined),
  }),
  secret_create: (s) => secretSlots(s),
  secret_rotate: (s) => secretSlots(s),
  secret_delete: (s) => ({ name: secretName(s) }),
  list_secrets: (s) => ({ name: s.one('envKey'), service: s.name() }),
  list_volumes: (s) => ({ node: s.node('never'), volume: s.name(['volume']) }),
  create_volume: (s) => ({ name: s.name(['volume']) ?? s.name(), size: sizeOf(s.text), node: s.node('never') }),
  snapshot_volume: (s) => ({ volume: s.name() ?? s.state.refs.volume }),
  delete_volume: (s) => ({ volume: s.name() ?? s.state.refs.volume }),
  invite_member: (s) => ({ email: s.one('email'), role: role(s) }),
  set_role: (s) => ({ member: person(s), role: role(s) }),
  create_api_key: (s) => ({
    name: /\b(?:called|named|for) (?:the )?["']?([a-z][\w-]+)/i.exec(s.text)?.[1]?.toLowerCase(),
    scopes: scopesOf(s.lower),
  }),
  revoke_api_key: (s) => ({
    key:
      s.one('envKey') ??
      s.name() ??
      /\bthe (?!api\b|old\b|leaked\b)([a-z][\w-]*) (?:api )?(?:key|token)\b/i.exec(s.text)?.[1]?.toLowerCase() ??
      /\b(?:key|token) (?:named |called |for |of )?(?:the )?["']?(?!must\b|has\b|should\b|is\b|was\b|needs\b|that\b|now\b|please\b)([a-z][\w-]+)["']?/i
        .exec(s.text)?.[1]
        ?.toLowerCase(),
  }),
  audit_query: (s) => ({
    actor: s.has(/^who\b/) ? undefined : (s.one('email') ?? person(s)),
    action: s.pick([
      [/\blog(?:ged|ins?)? ?in|sign(?:ed)?[- ]in|logins?/, 'login'],
      [/\brole|admin|rights\b/, 'role_change'],
      [/\binvit/, 'invite'],
      [/\bapprov/, 'approve'],
      [/\bsecret\b/, 'secret_access'],
      [/\bapi keys?\b/, 'api_key'],
    ]),
    since: s.one('when') ?? s.one('duration'),
  }),
} satisfies Record<string, Filler>

function aboveOf(lower: string): number | undefined {
  const found =
    /\b(?:above|over|exceeds?|goes (?:above|over)|hits?|reaches|more than|longer than|hotter than|greater than|to|>) ?(\d+(?:\.\d+)?)/.exec(
      lower,
    )?.[1]
  return found === undefined ? undefined : Number(found)
}

function channelOf(s: SlotInput): string | undefined {
  return (
    s.one('channel') ??
    s.pick([
      [/\bslack\b/, 'slack'],
      [/\b(?:e-?mail|mail|inbox)\b/, 'email'],
      [/\bpage\b|pagerduty/, 'pager'],
      [/\bdiscord\b/, 'discord'],
      [/\bteams\b/, 'teams'],
    ])
  )
}

function sizeOf(text: string): string | undefined {
  const match = /\b(\d+(?:\.\d+)?) ?(gi?b?|ti?b?|gigs?|terabytes?|gigabytes?)\b/i.exec(text)
  if (match === null) return undefined
  return `${match[1]}${/^t/i.test(match[2] ?? '') ? 'TB' : 'GB'}`
}

function scopesOf(lower: string): string[] {
  const scopes: string[] = []
  if (/\bread\b|read-only/.test(lower)) scopes.push('read')
  if (/\bdeploy\b/.test(lower)) scopes.push('deploy')
  if (/\bwrite\b/.test(lower)) scopes.push('write')
  return scopes
}
