import { all } from '../entities/entity'
import { parseNumber } from '../entities/numbers'
import type { Filler } from '../slots'

const METRICS: readonly (readonly [RegExp, string])[] = [
  [/\btemp|\bhot|\bheat|degrees|celsius|°c|thermal|warm|cool|cold/, 'temperature'],
  [/\becc\b/, 'ecc_errors'],
  [/\bmemory|\bvram|\bmem\b/, 'memory'],
  [/\bpower|\bwatt|\bdraw/, 'power'],
  [/\bclock/, 'clocks'],
  [/\butil|\busage|\bload|\bbusy|\bbusiest|percent|%/, 'utilization'],
  [/\bfan/, 'fan'],
]
const SYMPTOMS: readonly (readonly [RegExp, string])[] = [
  [/throttl/, 'throttling'],
  [/overheat|too hot|so hot|\bhot(?:ter)?\b|high temp|temperature/, 'overheating'],
  [/\becc\b|memory error|vram error|remap/, 'ecc_errors'],
  [/fell off|fallen off|missing|lost|disappear|gone/, 'lost'],
  [/nvlink/, 'nvlink_errors'],
  [/pcie/, 'pcie_errors'],
  [/clocks?\b/, 'low_clocks'],
  [/slow|underperform|half (?:the )?speed|lag|sluggish|behind|performance/, 'slow'],
  [/idle/, 'idle'],
  [/error|faulty|defective|broken|dying|failing/, 'errors'],
]
const AGGREGATES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:how many|count|number of)\b/, 'count'],
  [/\b(?:average|avg|mean)\b/, 'avg'],
  [/\b(?:hottest|highest|most|busiest|maximum|max|worst)\b/, 'max'],
  [/\b(?:coolest|coldest|lowest|least|minimum|idlest)\b/, 'min'],
  [/\b(?:total|sum|altogether|overall)\b/, 'sum'],
]
const TERMS =
  /\b(ecc|xid(?: \d+)?|mig|thermal throttling|throttling|cordon(?:ing)?|drain(?:ing)?|canary|tensor parallel(?:ism)?|gang scheduling|kv cache|row remapping|lease|molt|offer|gradient checkpointing|blue[ -]green|fsdp|nvlink)\b/

const HELP_TOPICS: readonly (readonly [RegExp, string])[] = [
  [/\bdrain/, 'drain_node'],
  [/\buncordon/, 'uncordon_node'],
  [/\bcordon/, 'cordon_node'],
  [/\bcanar|\bpromot|safely|gradual/, 'canary_start'],
  [/\broll ?back/, 'rollback'],
  [/\bblue[ -]green/, 'canary_start'],
  [/\bautoscal/, 'autoscale_policy'],
  [/\bscal/, 'scale_service'],
  [/\bmigrat|\bmove/, 'migrate_workload'],
  [/\brestart/, 'restart_workload'],
  [/\btrain|\bfine-?tun/, 'deploy_training'],
  [/\bdeploy|\bserve|\bhost/, 'deploy_inference'],
  [/\brent out|\bsell|\boffer/, 'market_offer_create'],
  [/\bbuy|\brent|\bbid|marketplace/, 'market_search'],
  [/\balert/, 'set_alert'],
  [/\bschedul|\bcron|\bcheckpoint/, 'schedule_cron'],
  [/\binvit/, 'invite_member'],
  [/\badd (?:a|another)? ?(?:node|machine|server)|\bconnect a (?:node|server|machine)/, 'add_node'],
  [/\bsecret/, 'secret_create'],
  [/\bexpos/, 'expose_service'],
  [/\bapprov/, 'approvals'],
  [/\bbatch/, 'run_batch'],
  [/\blogs?\b/, 'logs'],
  [/\breport/, 'share_report'],
  [/\bstop\b/, 'stop_workload'],
  [/\bapi key/, 'create_api_key'],
  [/language model/, 'language_model'],
]

/** Tools about the fleet itself: what is there, how it is, what nodes and GPUs may take. */
export const clusterFillers = {
  help: (s) => ({ about: s.pick(HELP_TOPICS) }),
  explain: (s) => ({
    about: explainAbout(s.lower),
    plan:
      s.one('planId') ??
      (s.has(/\b(?:plan|card|proposal|approve|recommendation|recommend|that|this|it)\b/) && s.state.pending.length === 1
        ? s.state.pending[0]?.id
        : undefined),
    node: s.node(),
  }),
  list_plans: (s) => ({
    status: s.pick([
      [/\b(?:pending|waiting|open|to approve|approvals?|outstanding|inbox)\b/, 'pending'],
      [/\brejected\b/, 'rejected'],
      [/\bfailed\b/, 'failed'],
      [/\bexpired\b/, 'expired'],
      [/\b(?:approved)\b/, 'approved'],
      [/\b(?:executed|done|made|applied|did|ran)\b/, 'executed'],
    ]),
    when: s.one('when'),
    node: s.node('never'),
    plan: s.one('planId'),
    workload: s.name(),
  }),
  list_nodes: (s) => {
    const nodes = s.nodes()
    const compare = s.has(/\b(?:compare|compared|versus|vs|difference|differ|side by side)\b/)
    const least =
      /\b(?:at least|more than|over|minimum(?: of)?|with|>=?) ?(\d+) (?:\w+ )?gpus?\b/.exec(s.lower)?.[1] ??
      wordCount(/\b(\w+) (?:or more gpus?|gpus? or more|\+ gpus?)\b/.exec(s.lower)?.[1])
    return {
      nodes: nodes.length > 0 ? nodes : pointed(s.node()),
      min_gpus: least === undefined ? s.one('gpuCount') : Number(least),
      compare: compare || undefined,
      gpu_type: s.one('gpuType'),
    }
  },
  list_gpus: (s) => {
    const above =
      /\b(?:above|over|hotter than|more than|exceed(?:ing|s)?|at least|greater than|beyond|>) ?(\d+(?:\.\d+)?)/.exec(
        s.lower,
      )?.[1]
    const metric = s.pick(METRICS)
    return {
      free:
        s.has(
          /\b(?:free|idle|availab\w*|unused|spare|unallocated|left|vacant|unoccupied|doing nothing|nobody (?:uses|is using)|not in use|up for grabs)\b/,
        ) || undefined,
      gpu_type: s.one('gpuType'),
      node: s.node(),
      metric: metric ?? (above !== undefined && s.has(/\bgpus? (?:above|over)/) ? 'temperature' : undefined),
      above: above === undefined ? undefined : Number(above),
      aggregate: s.pick(AGGREGATES),
    }
  },
  capacity_check: (s) => ({
    model: s.one('model'),
    model_size: s.one('model') === undefined ? s.one('modelSize') : undefined,
    task: s.pick([
      [/\b(?:train|fine-?tun\w*|finetun\w*|lora|pretrain\w*|sft)\b/, 'training'],
      [/\b(?:serve|serving|host|hosting|inference|deploy|replicas?|server|users)\b/, 'inference'],
    ]),
    gpus: s.gpus(),
    gpu_type: s.one('gpuType'),
    node: s.node('never'),
  }),
  diagnose_gpu: (s) => {
    const { refs } = s.state
    const gpu =
      s.one('gpu') ??
      (s.has(/\b(?:it|that|this|the) ?(?:gpu|card)?\b/) && s.nodes().length === 0 && !s.has(/\bgpus\b/)
        ? refs.gpu
        : undefined)
    const workload = s.name(['workload', 'service'])
    return {
      gpu,
      workload,
      node: workload === undefined ? s.node('always') : s.nodes()[0],
      gpu_type: s.one('gpuType'),
      symptom: s.pick(SYMPTOMS),
      metric: s.has(/\b(?:how (?:hot|many)|what(?:'s| is) the|temperature of|temp of|utilization of|clock of|power)\b/)
        ? s.pick(METRICS)
        : undefined,
      compare: s.has(/\b(?:compare|others?|siblings?|than the rest|versus|vs)\b/) || undefined,
    }
  },
  isolate_gpu: (s) => ({ node: s.node('always'), gpu: s.one('gpu') ?? s.state.refs.gpu }),
  health_report: (s) => ({
    scope: scopeOf(s.nodes(), s.name()),
    period: s.has(/\bdaily\b/) ? 'day' : s.has(/\bweekly\b|week/) ? 'week' : s.has(/\bmonth/) ? 'month' : s.one('when'),
  }),
  list_alerts: (s) => ({ since: s.one('when') ?? s.one('duration'), node: s.node('never') }),
  cordon_node: (s) => ({ node: s.nodeOrNodes('always') }),
  uncordon_node: (s) => ({ node: s.nodeOrNodes('always') }),
  drain_node: (s) => ({
    node: s.nodeOrNodes('always'),
    isolate_gpu: s.has(/\bisolat|quarantin/) ? (s.one('gpu') ?? s.state.refs.gpu) : undefined,
  }),
  label_node: (s) => ({
    node: s.nodeOrNodes('always'),
    labels: labelsOf(
      s.text,
      all(s.entities, 'assignment').map((entity) => entity.value),
    ),
  }),
  incident_investigate: (s) => {
    const named = s.name()
    const isService = named !== undefined && s.name(['service']) === named
    const node = s.node('pointing')
    const nothingNamed = named === undefined && s.nodes().length === 0
    return {
      node,
      workload: isService
        ? undefined
        : (named ??
          (nothingNamed && s.has(/\b(?:job|training|run|workload|fine-?tun\w*|it)\b/)
            ? s.state.refs.workload
            : undefined)),
      service: isService
        ? named
        : nothingNamed && s.has(/\b(?:service|api|endpoint|server|latency|users|customers|requests|timeouts?)\b/)
          ? s.state.refs.service
          : undefined,
      symptom: s.pick(INCIDENT_SYMPTOMS),
      error: errorOf(s.text),
      since: sinceOf(s.lower, s.one('when')),
      kind: s.pick([
        [/\boutage\b/, 'outage'],
        [/\bpost-?mortem\b/, 'postmortem'],
      ]),
      history:
        s.has(/\b(?:past incidents|list incidents|happened before|how often|was there an incident|history)\b/) ||
        undefined,
    }
  },
} satisfies Record<string, Filler>

const INCIDENT_SYMPTOMS: readonly (readonly [RegExp, string])[] = [
  [
    /util\w* (?:\w+ ){0,3}(?:to|at|is|hit|of) ?(?:zero|0)\b|\bgpus? (?:\w+ )?idle|fell idle|went idle|0 ?% util|zero util/,
    'utilization_zero',
  ],
  [/out of memory|\boom\b|ran out of mem/, 'out_of_memory'],
  [/\bxid\b/, 'xid_error'],
  [/\bnccl\b/, 'nccl_error'],
  [/\bcuda\b/, 'cuda_error'],
  [
    /not responding|unresponsive|unreachable|does(?:n't| not) (?:answer|respond)|can'?t reach|not reachable|lost connection|vanished/,
    'not_responding',
  ],
  [/timeout|timing out|time out|times out/, 'timeouts'],
  [/latency|slow answers|answers (?:very )?slow/, 'high_latency'],
  [
    /\b5\d\d\b|\b5xx\b|returning errors|error rate|throws errors|errors?\b(?= (?:on|from|spik|up|high))|requests (?:are )?fail/,
    'errors',
  ],
  [/stuck|hang|hung|frozen|froze|not (?:making )?progress|stalled|nothing moves|same step/, 'stuck'],
  [/crash|died|dies|dying|killed|exit(?:ed)? (?:with )?code|fail|restarting|stopped/, 'crash'],
  [/\bdown\b|outage|offline|broken/, 'down'],
  [/slow|crawl|throughput|halved/, 'slow'],
  [/\bnan\b|loss exploded/, 'nan_loss'],
  [/disk full/, 'disk_full'],
  [/network/, 'network'],
]

function explainAbout(lower: string): string | undefined {
  return (
    TERMS.exec(lower)?.[1] ??
    (/\brecommend/.test(lower)
      ? 'recommendation'
      : /\bplan|approve|card/.test(lower)
        ? 'plan'
        : /\brisk|safe|danger/.test(lower)
          ? 'risk'
          : /\bhow long\b/.test(lower)
            ? 'duration'
            : undefined)
  )
}

/** "eight" as "8"; anything that is no number is none. */
function wordCount(word: string | undefined): string | undefined {
  if (word === undefined) return undefined
  const value = parseNumber(word)
  return Number.isFinite(value) && value > 0 ? String(value) : undefined
}

function scopeOf(nodes: readonly string[], name: string | undefined): string {
  return nodes[0] ?? name ?? 'fleet'
}

function pointed(node: string | undefined): string[] | undefined {
  return node === undefined ? undefined : [node]
}

function labelsOf(
  text: string,
  assignments: readonly { key: string; value: string }[],
): Record<string, string> | string[] | undefined {
  if (assignments.length > 0) return Object.fromEntries(assignments.map(({ key, value }) => [key, value]))
  const word =
    /\b(?:label|tag) (?!node|it\b|the\b|all\b)([a-z][\w-]*)|\b(?:as|with) (?:an? |the label |the tag |tag |label )?([a-z][\w-]*)\s*$/i.exec(
      text,
    )
  const label = (word?.[1] ?? word?.[2])?.toLowerCase()
  return label === undefined ? undefined : [label]
}

function errorOf(text: string): string | undefined {
  return (
    /\bCUDA_ERROR_[A-Z_]+\b/.exec(text)?.[0] ??
    /\bxid ?\d+/i.exec(text)?.[0] ??
    /\bexit(?:ed)?(?: with)? code \d+/i.exec(text)?.[0].toLowerCase() ??
    /\b(?:cuda|nccl|xid|oom|5\d\d|timeout)\b/i.exec(text)?.[0].toLowerCase()
  )
}

function sinceOf(lower: string, when: string | undefined): string | undefined {
  return when ?? /\bsince ([\w: -]{2,30})/.exec(lower)?.[1]?.trim()
}
