import { place } from '@clawbernetes/domain/placement/place'
import type { FleetSnapshot } from '@clawbernetes/domain/placement/snapshot'
import { placementRequest } from '@clawbernetes/domain/workloads/placement-request'
import { splitCommand } from '@clawbernetes/domain/workloads/split-command'
import type { ReplicaPlace } from '@clawbernetes/protocol/plans/steps'
import { slugText } from '@clawbernetes/protocol/text'
import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'
import { readFleet } from '@clawbernetes/services/placement/read-fleet'
import { stepEstimates } from '@clawbernetes/services/plans/step-estimates'
import { takenNames } from '@clawbernetes/services/workloads/live-workloads'
import * as z from 'zod'
import { considerBlock } from '../../src/registry/consider-block'
import { type Preview, type ToolContext, writeTool } from '../../src/registry/define-tool'
import { draftWorkloadId } from '../../src/registry/draft-id'
import { missingSecret, secretEnvSlot } from '../../src/registry/secret-env'
import { batchContent } from './batch-content'
import { nameAnImage } from './name-an-image'

const input = z.object({
  job: z.string().max(120).optional(),
  command: z.string().max(2000).optional(),
  image: z.string().max(300).optional(),
  path: z.string().max(400).optional(),
  nodes: z.union([z.literal('all'), z.array(slugText).max(500), slugText]).optional(),
  selector: z.string().max(120).optional(),
  exclude: z.union([z.array(slugText), slugText]).optional(),
  memory_gb: z.coerce.number().positive().max(8192).optional(),
  name: slugText.optional(),
  secret_env: secretEnvSlot,
})
export type BatchArgs = z.output<typeof input>

const GRACE_MS = 30_000

export const runBatch = writeTool({
  kind: 'write',
  name: 'run_batch',
  skill: 'job-scheduler',
  version: 1,
  title: 'Planned a job',
  description:
    'Run one command on one, several or all nodes, in a container image or as a plain process. One replica a node; no shell.',
  input,
  risk: 'medium',
  authorize: { permission: 'propose', words: 'Operators and above' },
  steps: ['place-workload', 'start-replicas', 'await-running'],
  verify: 'Its process runs, or has ended by itself, on every node of the plan.',
  undo: { tool: 'stop_workload', words: 'Stopping ends what still runs; what it wrote stays.' },
  preview,
})

async function preview(args: BatchArgs, tool: ToolContext): Promise<Preview> {
  const { ctx, turn } = tool
  // A draft that is previewed again carries its command; the first one takes what stands between backticks.
  const line =
    (args.name ? args.command : quoted(turn.text)) ??
    args.command ??
    (args.path?.endsWith('.py') ? `python ${args.path}` : args.path)
  if (!line)
    return {
      ok: false,
      question: {
        ask: 'Which command should run? Put it between backticks, for example `python prep.py`.',
        slot: 'command',
        options: [],
        blocks: [],
      },
    }
  const split = splitCommand(line)
  if (!split.ok) return { ok: false, say: split.reason, blocks: [], options: [] }
  const missing = await missingSecret(args.secret_env, tool)
  if (missing) return missing
  const snapshot = await readFleet({ ctx })
  const taken = await takenNames({ ctx })
  const name = args.name && !taken.has(args.name) ? args.name : jobName(split.argv, taken)
  const spec = toSpec(args, split.argv)
  const chosen = chooseNodes(args, spec, snapshot)
  if (chosen.missing.length > 0)
    return {
      ok: false,
      say: `I see no ${chosen.missing.join(', ')}; nodes are ${
        snapshot.nodes
          .map((n) => n.name)
          .slice(0, 8)
          .join(', ') || 'not connected yet'
      }.`,
      blocks: [],
      options: [],
    }
  if (chosen.places.length === 0) {
    const nodes = args.nodes === 'all' ? ('all' as const) : chosen.considered.map((verdict) => verdict.nodeName)
    const plain = spec.runtime === 'process'
    const offered = plain
      ? nameAnImage({ line, program: split.argv[0] ?? line, nodes, considered: chosen.considered, snapshot })
      : null
    if (offered) return offered
    return {
      ok: false,
      say: `No node can run this. ${chosen.reason}`,
      blocks: [considerBlock(chosen.considered, snapshot)],
      options: [],
    }
  }
  const workloadId = draftWorkloadId(turn.threadId, name, ctx.now())
  const content = batchContent({
    args: { ...args, command: line },
    name,
    workloadId,
    spec: { ...spec, replicas: chosen.places.length },
    places: chosen.places,
    left: chosen.left,
    snapshot,
    turn,
    estimates: await stepEstimates({ ctx }),
  })
  const where = chosen.places.map((p) => p.nodeName)
  const demo = where.every((n) => snapshot.nodes.find((s) => s.name === n)?.demo)
  return {
    ok: true,
    content,
    demo,
    focus: { workload: name, node: where[0] },
    say: `I would run \`${split.argv.join(' ')}\` on ${where.length === 1 ? where[0] : `${where.length} nodes`}${spec.image ? ` in ${spec.image}` : ' as a plain process'}${chosen.left.length > 0 ? `, not on ${chosen.left.map((l) => l.node).join(', ')}` : ''}. Approve the plan to start it.`,
  }
}

/** What stands between backticks is the command, to the letter. */
const quoted = (text: string): string | null => /`([^`\n]{1,2000})`/.exec(text)?.[1] ?? null

function toSpec(args: BatchArgs, argv: string[]): WorkloadSpec {
  return {
    kind: 'batch',
    runtime: args.image ? 'container' : 'process',
    image: args.image ?? null,
    command: argv,
    env: {},
    ...(args.secret_env ? { secretEnv: args.secret_env } : {}),
    workdir: null,
    mounts: [],
    ports: [],
    replicas: 1,
    gpusPerReplica: 0,
    gang: false,
    memoryMib: args.memory_gb ? Math.round(args.memory_gb * 1024) : null,
    cpus: null,
    shmMib: null,
    health: null,
    restart: { policy: 'never', maxRestarts: 0, backoffMs: 0 },
    stop: { signal: 'SIGTERM', graceMs: GRACE_MS },
    checkpoint: null,
    placement: { nodes: null, excludeNodes: [], labels: {}, gpuModel: null },
    training: null,
  }
}

interface Chosen {
  places: ReplicaPlace[]
  /** Nodes that were meant and cannot take it, with the reason: said before anything starts. */
  left: { node: string; reason: string }[]
  missing: string[]
  considered: ReturnType<typeof place>['considered']
  reason: string
}

/** One replica on each node that was named (or on the best one), by the same filter as any placement. */
function chooseNodes(args: BatchArgs, spec: WorkloadSpec, snapshot: FleetSnapshot): Chosen {
  const exclude = args.exclude === undefined ? [] : Array.isArray(args.exclude) ? args.exclude : [args.exclude]
  const asked =
    args.nodes === 'all'
      ? snapshot.nodes.map((n) => n.name)
      : args.nodes === undefined
        ? null
        : Array.isArray(args.nodes)
          ? args.nodes
          : [args.nodes]
  const missing = (asked ?? []).filter((name) => !snapshot.nodes.some((n) => n.name === name))
  const names = (asked ?? []).filter((name) => !missing.includes(name) && !exclude.includes(name))
  const base = placementRequest(spec)
  if (asked === null) {
    const best = place({ ...base, excludeNodes: exclude }, snapshot)
    return { places: best.places, left: [], missing, considered: best.considered, reason: best.reason }
  }
  const places: ReplicaPlace[] = []
  const left: Chosen['left'] = []
  let considered: Chosen['considered'] = []
  for (const name of names) {
    const one = place({ ...base, nodes: [name] }, snapshot)
    const verdict = one.considered.find((v) => v.nodeName === name)
    if (verdict) considered = [...considered, verdict]
    const at = one.places[0]
    if (at) places.push({ ...at, ordinal: places.length })
    else left.push({ node: name, reason: verdict?.reason ?? one.reason })
  }
  return { places, left, missing, considered, reason: left.map((l) => `${l.node}: ${l.reason}`).join('; ') }
}

function jobName(argv: readonly string[], taken: ReadonlySet<string>): string {
  const word = [...argv].reverse().find((a) => /\.(py|sh|js|rb|pl)$/.test(a)) ?? argv[0] ?? 'job'
  const base =
    (word.split('/').pop() ?? 'job')
      .replace(/\.[a-z]+$/, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'job'
  for (let n = 1; ; n++) {
    const name = n === 1 ? `run-${base}` : `run-${base}-${n}`
    if (!taken.has(name)) return name
  }
}
