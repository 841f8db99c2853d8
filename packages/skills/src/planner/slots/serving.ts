import { all } from '../entities/entity'
import type { Filler, SlotInput } from '../slots'
import { textOf } from '../context'

function canary(s: SlotInput): string | undefined {
  return s.one('canaryId') ?? s.name() ?? s.state.refs.canary ?? s.state.refs.service
}

/** "the new version" as a version: the one the context calls new, never a guess by counting up. */
function newVersion(s: SlotInput): string | undefined {
  const named = s.one('version')
  if (named !== undefined) return named
  const { focus, refs } = s.state
  for (const key of [
    'new_version',
    'newest_version',
    'latest_version',
    'next_version',
    'available_version',
    'candidate_version',
    'version_new',
    'candidate',
  ]) {
    const value = textOf(focus[key])
    if (value !== undefined) return value
  }
  return s.has(/\b(?:new|newest|latest|next|updated?|upgrade|safely)\b/) ? refs.version : undefined
}

function percents(s: SlotInput): number[] {
  return all(s.entities, 'percent').map((entity) => entity.value)
}

/** Services in use: replicas, versions, traffic, addresses. */
export const servingFillers = {
  deploy_inference: (s) => ({
    model: s.one('model') ?? s.one('modelSize'),
    runtime: s.one('runtime'),
    port: s.one('port'),
    hostname: s.hostname(),
    replicas: s.one('replicas'),
    gpus: s.gpus(),
    gpu_type: s.one('gpuType'),
    model_path: s.one('path'),
    node: s.node('never'),
    image: s.one('image'),
  }),
  scale_service: (s) => {
    const relative = s.has(
      /\b(?:more|another|additional|extra|second|third|add|fewer|less|remove|by (?:\d+|one|two|three))\b/,
    )
    const count = s.one('replicas') ?? (s.one('factor') === undefined ? s.one('number') : undefined)
    const down =
      s.has(
        /\b(?:down|in|shrink|reduce|fewer|less|remove|lower|cut|drop|trim|decrease|smaller|downscale|halve|quiet)\b/,
      ) && !s.has(/\bscale (?:up|out)\b/)
    const absolute =
      s.has(/\b(?:to|at|=|with|run|set) ?(?:=|:)? ?(?:\d+|one|two|three|four|five|six|seven|eight|ten)\b/) &&
      !s.has(/\bby (?:\d+|one|two|three)\b/)
    const delta =
      relative && !absolute && count !== undefined
        ? down
          ? -count
          : count
        : s.has(/\b(?:another|one more|a second|a third|an extra|one additional) ?(?:replica|copy|instance)?\b/) &&
            count === undefined
          ? 1
          : undefined
    return {
      service: s.service(),
      replicas:
        delta === undefined ? (count ?? (s.has(/\b(?:down|to|up to) (?:to )?one\b/) ? 1 : undefined)) : undefined,
      delta,
      factor: s.one('factor'),
      direction: down
        ? 'down'
        : absolute && !s.has(/\b(?:up|down|out|in|increase|reduce|more|bump)\b/)
          ? undefined
          : 'up',
    }
  },
  autoscale_policy: (s) => {
    const numbers = s.entities.flatMap((entity) =>
      entity.kind === 'replicas' || entity.kind === 'number' ? [entity.value] : [],
    )
    const min = /\b(?:min(?:imum)?|at least|never (?:fewer|less) than|below)\b[^\d]{0,14}(\d+|one|two|three|four)/.exec(
      s.lower,
    )
    const max =
      /\b(?:max(?:imum)?|at most|up to|cap(?:ped)?(?: \S+)? at|above|over|never more than)\b[^\d%]{0,14}(\d+)(?! ?(?:%|percent|ms))/.exec(
        s.lower,
      )
    const pair = /\b(?:from|between)?\s?(\d+) (?:to|and|-) (\d+)/.exec(s.lower)
    return {
      service: s.service(),
      min:
        pair?.[1] !== undefined
          ? Number(pair[1])
          : min === null
            ? numbers.length >= 2
              ? numbers[0]
              : undefined
            : toNumber(min[1]),
      max:
        pair?.[2] !== undefined
          ? Number(pair[2])
          : max === null
            ? numbers.length >= 2
              ? numbers[1]
              : undefined
            : Number(max[1]),
      metric: s.pick([
        [/\blatency|p9\d|\bms\b/, 'latency'],
        [/requests? per second|rps|qps|traffic/, 'requests_per_second'],
        [/queue|waiting requests/, 'queue'],
        [/utili[sz]|gpu load/, 'utilization'],
        [/tokens/, 'tokens_per_second'],
      ]),
      target: s.one('percent') ?? msOf(s.lower),
      enabled: s.has(/\b(?:disable|turn off|switch off|stop)\b/) ? false : undefined,
    }
  },
  canary_start: (s) => {
    const steps =
      /\b(\d{1,3})(?: ?%)?(?:,| then| to|, then) ?(\d{1,3})(?: ?%)?(?:(?:,| and| then|, then|, and) (\d{1,3}))?/.exec(
        s.lower.replace(/v\d+/g, ''),
      )
    const listed = steps === null ? [] : steps.slice(1).flatMap((part) => (part === undefined ? [] : [Number(part)]))
    return {
      service: s.service(),
      version: newVersion(s),
      image: s.one('image'),
      initial_percent:
        percents(s)[0] ?? (listed.length >= 2 && /%|percent|steps?|start/.test(s.lower) ? listed[0] : undefined),
      steps: listed.length >= 2 && listed.at(-1) === 100 ? listed : undefined,
      duration: s.one('duration'),
      auto_rollback:
        s.has(
          /\b(?:auto(?:matic(?:ally)?)?[- ]?roll(?:s|ed)? ?back|roll back automatically|automatic rollback|(?:go|roll|switch) back (?:by (?:yourself|itself)|on (?:your|its) own|if))\b/,
        ) || undefined,
      strategy: s.has(/\bblue[ /-]?green\b|\bb\/g\b|\bgreen (?:stack|environment)\b/)
        ? 'blue_green'
        : s.has(/\brolling\b/)
          ? 'rolling'
          : s.has(/\bcanar/)
            ? 'canary'
            : undefined,
    }
  },
  canary_promote: (s) => ({
    canary: canary(s),
    percent:
      percents(s)[0] ??
      (/\b(?:to|at) (\d{1,3})\b/.exec(s.lower) === null
        ? s.has(/\b(?:everyone|everybody|everything|all (?:the )?(?:traffic|users)|fully|full rollout|all the way)\b/)
          ? 100
          : undefined
        : Number(/\b(?:to|at) (\d{1,3})\b/.exec(s.lower)?.[1])),
    duration: s.one('duration'),
  }),
  canary_pause: (s) => ({ canary: canary(s), duration: s.one('duration') }),
  canary_status: (s) => ({
    canary: canary(s),
    metric: s.pick([
      [/\berror/, 'error_rate'],
      [/\blatency|p9\d|slower/, 'latency'],
      [/\bthroughput/, 'throughput'],
      [/\btraffic|percent|split|weight|users/, 'traffic'],
    ]),
    version: s.one('version'),
  }),
  rollback: (s) => ({
    service: s.name() ?? s.state.refs.service,
    canary: s.one('canaryId') ?? (s.has(/\bcanary\b/) ? s.state.refs.canary : undefined),
    version: rollbackVersion(s),
  }),
  expose_service: (s) => ({
    service: s.service(),
    hostname: s.hostname(),
    port: s.one('port'),
    scope: s.has(/\b(?:public\w*|internet|outside|external\w*|world|customers|partners)\b/)
      ? 'public'
      : s.has(/\b(?:internal\w*|private|intranet|local)\b/)
        ? 'internal'
        : undefined,
  }),
  list_routes: (s) => ({ service: s.name(), hostname: s.hostname() }),
  heal_policy: (s) => ({
    workload: s.workload(),
    on: s.pick([
      [/\boom\b|out of memory/, 'oom'],
      [/\bnode (?:fails|goes down|dies|reboot)|its node/, 'node_failure'],
      [/\bgpu (?:fails|breaks|dies)|bad gpus?/, 'gpu_failure'],
      [/\bhang|stuck/, 'hang'],
      [/\bcrash|fail|die|down/, 'failure'],
    ]),
    action: s.pick([
      [/\b(?:disable|turn off)\b/, 'none'],
      [/\bresume|from the (?:last )?checkpoint/, 'resume'],
      [/\b(?:move|migrate|reschedule)\b/, 'migrate'],
      [/\bisolate\b/, 'isolate'],
      [/\breplace\b/, 'replace'],
      [/\brestart|bring (?:it )?back|alive|retry|respawn|start it again/, 'restart'],
    ]),
    limit:
      /\b(?:up to|at most|max(?:imum)?|limit(?: of)?(?: \S+){0,5}? to) (\d+|one|two|three|four|five)\b/.exec(
        s.lower,
      ) === null
        ? undefined
        : toNumber(
            /\b(?:up to|at most|max(?:imum)?|limit(?: of)?(?: \S+){0,5}? to) (\d+|one|two|three|four|five)\b/.exec(
              s.lower,
            )?.[1],
          ),
  }),
  set_config: (s) => {
    const pair = all(s.entities, 'assignment')[0]?.value
    const words =
      /\b(?:set|change|increase|adjust|modify|raise|lower|update) (?:the )?([\w][\w ]{2,40}?)(?: (?:of|for|on) \S+)? to (\S+)/i.exec(
        s.text,
      )
    return {
      workload: s.name() ?? s.state.refs.service ?? s.state.refs.workload,
      key:
        pair?.key ??
        s.one('envKey') ??
        words?.[1]
          ?.trim()
          .toLowerCase()
          .replace(/ (?:of|for|on) .*$/, '')
          .replace(/\s+/g, '_') ??
        s.one('flag'),
      value: pair?.value ?? words?.[2],
    }
  },
} satisfies Record<string, Filler>

function rollbackVersion(s: SlotInput): string | undefined {
  const versions = all(s.entities, 'version')
  const target = versions.find((entity) =>
    /\b(?:to|back|restore|on|reinstate) (?:the )?(?:version )?$/i.test(s.text.slice(0, entity.start)),
  )
  return (
    target?.value ??
    (versions.length === 1 && !s.has(/\b(?:broken|withdraw|pull|after|take v|errors)\b/)
      ? versions[0]?.value
      : undefined)
  )
}

function toNumber(raw: string | undefined): number | undefined {
  if (raw === undefined) return undefined
  const word = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'].indexOf(raw)
  return word >= 0 ? word : Number(raw)
}

function msOf(lower: string): number | undefined {
  const ms = /(\d+) ?ms\b/.exec(lower)?.[1]
  return ms === undefined ? undefined : Number(ms)
}
