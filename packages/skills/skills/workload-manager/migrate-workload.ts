import { usd } from '@clawbernetes/domain/market/price'
import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import type { ReplicaPlace } from '@clawbernetes/protocol/plans/steps'
import type { FleetSnapshot } from '@clawbernetes/domain/placement/snapshot'
import { readFleet } from '@clawbernetes/services/placement/read-fleet'
import { stepEstimates } from '@clawbernetes/services/plans/step-estimates'
import { type LiveWorkload, liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import * as z from 'zod'
import { cheaperPlaces } from '../../src/moves/cheaper-places'
import { lastSteps } from '../../src/moves/last-steps'
import { affected, moveChanges, moveCost, moveFacts, moveWarnings, stuckBlocks } from '../../src/moves/move-card'
import { claimSteps, MOVE_STEPS, type MovePlan, moveSteps, nodesFrom, nodesTo } from '../../src/moves/move-steps'
import { planLeaving } from '../../src/moves/plan-leaving'
import { type Preview, type ToolContext, type Turn, writeTool } from '../../src/registry/define-tool'
import { count, OPERATOR, planCard, uniqueFacts } from '../../src/registry/plan-card'
import { costOfPlaces } from '../../src/registry/price'
import { nodeSlot, slugsSlot, wordSlot } from '../../src/registry/slots'
import { chooseNamed } from './choose-workloads'
import { findWorkload } from './find-workload'

const input = z.object({
  workload: slugsSlot.optional(),
  from_node: nodeSlot.optional(),
  to_node: nodeSlot.optional(),
  scope: wordSlot
    .optional()
    .describe('"all": everything on from_node; "cheaper": only where a GPU hour costs less than now'),
  checkpoint: z.enum(['yes', 'no']).optional().describe('save training first; yes unless said otherwise'),
})
type Args = z.output<typeof input>

export const migrateWorkload = writeTool({
  kind: 'write',
  name: 'migrate_workload',
  skill: 'workload-manager',
  version: 1,
  title: 'Planned a move',
  description:
    'Move a workload (or all of a node) to another node: its new place is claimed, training is saved, ended, started there and seen to run; else it comes back.',
  input,
  risk: 'medium',
  authorize: OPERATOR,
  steps: MOVE_STEPS,
  verify: 'It runs in its new place with its GPUs, and its old ones are free.',
  undo: { tool: 'migrate_workload', words: 'Move it back, from its newest checkpoint.' },
  preview,
})

interface Migration {
  args: Args
  moves: MovePlan[]
  live: LiveWorkload[]
  snapshot: FleetSnapshot
}

async function preview(args: Args, tool: ToolContext): Promise<Preview> {
  const { ctx, turn } = tool
  if (args.scope === 'leased') return leasedNotYet(args, turn)
  const [snapshot, all] = await Promise.all([readFleet({ ctx }), liveWorkloads({ ctx, input: {} })])
  const unknown = [args.from_node, args.to_node].find(
    (n) => n !== undefined && !snapshot.nodes.some((s) => s.name === n),
  )
  if (unknown)
    return {
      ok: false,
      question: {
        ask: `I see no node ${unknown}. Where should it go?`,
        slot: 'to_node',
        options: snapshot.nodes.slice(0, 8).map((n) => ({ label: n.name, send: `move it to ${n.name}` })),
        blocks: [],
      },
    }
  const running = all.filter((w) => w.replicas.length > 0 && w.status !== 'stopping')
  const here = running.filter((w) => !args.from_node || w.nodes.some((n) => n.name === args.from_node))
  const everything = args.scope === 'all' || (!args.workload && !turn.focus.workload && args.from_node !== undefined)
  const chosen = everything
    ? { workloads: here }
    : Array.isArray(args.workload)
      ? chooseNamed(here, args.workload, 'move')
      : one(here, args.workload ?? turn.focus.workload)
  if ('question' in chosen) return { ok: false, question: chosen.question }
  const live = chosen.workloads
  if (live.length === 0)
    return refuse(`Nothing runs${args.from_node ? ` on ${args.from_node}` : ''} that could be moved.`)
  const from = args.from_node ? [args.from_node] : [...new Set(live.flatMap((w) => w.nodes.map((n) => n.name)))]
  if (args.to_node && from.every((n) => n === args.to_node))
    return refuse(`${live.map((w) => w.name).join(', ')} runs on ${args.to_node} already.`)
  const leaving = from.filter((n) => n !== args.to_node)
  if (args.scope === 'cheaper') return previewCheaper({ args, live, snapshot }, leaving, tool)
  const { moves, stuck } = planLeaving(live, snapshot, {
    leave: new Set(snapshot.nodes.filter((n) => leaving.includes(n.name)).map((n) => n.id)),
    to: args.to_node ?? null,
    exclude: leaving,
    checkpoint: args.checkpoint !== 'no',
  })
  if (stuck.length > 0)
    return {
      ok: false,
      say: `I can't move ${stuck.map((s) => `${s.workload.name}: ${s.reason}`).join('; ')}. Nothing was changed.`,
      blocks: stuckBlocks(stuck, snapshot),
      options: args.to_node
        ? stuck.slice(0, 2).map((s) => ({
            label: `Move ${s.workload.name} anywhere`,
            send: `move ${s.workload.name} to another node`,
          }))
        : [],
    }
  return drawn({ args, moves, live, snapshot }, '', tool)
}

async function drawn(migration: Migration, saves: string, tool: ToolContext): Promise<Preview> {
  const { moves, live } = migration
  return {
    ok: true,
    demo: live.every((w) => w.demo),
    focus: { workload: live[0]?.name, node: moves[0]?.to[0]?.nodeName },
    say: `${sentence(moves)}${saves} Approve the plan to do it.`,
    content: await content(migration, tool),
  }
}

async function previewCheaper(
  { args, live, snapshot }: Omit<Migration, 'moves'>,
  from: readonly string[],
  tool: ToolContext,
): Promise<Preview> {
  const to = args.to_node ?? null
  const found = cheaperPlaces(live, snapshot, { from, to, checkpoint: args.checkpoint !== 'no' })
  if ('why' in found)
    return {
      ok: false,
      say: `${found.why} Nothing was changed.`,
      blocks: stuckBlocks(found.stuck, snapshot),
      options: [{ label: 'Compare the nodes', send: 'list the nodes' }],
    }
  const { perHourMicroUsd } = moveCost(found.moves, snapshot)
  const saves = perHourMicroUsd === null ? '' : ` It saves ${usd(-perHourMicroUsd)} an hour.`
  return drawn({ args, moves: found.moves, live, snapshot }, saves, tool)
}

/** Understood; capacity of others comes with the marketplace. */
function leasedNotYet(args: Args, { focus }: Turn): Preview {
  const name = [args.workload ?? focus.workload].flat().join(', ') || undefined
  return {
    ok: false,
    say: `I can't move ${name ?? 'a workload'} to leased capacity yet: this installation has no marketplace, so there are no leased nodes. Nothing was changed.`,
    blocks: [],
    options: name ? [{ label: `Move ${name} to a cheaper node`, send: `move ${name} to cheaper capacity` }] : [],
  }
}

/** Where the price is the reason, it stands among the changes. */
function costChange({ scope }: Args, moves: readonly MovePlan[], snapshot: FleetSnapshot): PlanContent['changes'] {
  if (scope !== 'cheaper') return []
  const rate = (places: ReplicaPlace[]): string => {
    const { perHourMicroUsd } = costOfPlaces(places, snapshot)
    return perHourMicroUsd === null ? 'unknown' : `${usd(perHourMicroUsd)}/h`
  }
  return [{ label: 'Cost', before: rate(moves.flatMap((m) => m.from)), after: rate(moves.flatMap((m) => m.to)) }]
}

const refuse = (say: string): Preview => ({ ok: false, say, blocks: [], options: [] })

function one(here: readonly LiveWorkload[], name: string | undefined) {
  const found = findWorkload(here, name, 'move')
  return 'question' in found ? found : { workloads: [found.workload] }
}

function sentence(moves: readonly MovePlan[]): string {
  const [m] = moves
  if (moves.length === 1 && m) {
    const model = m.modelFrom && m.modelTo && m.modelFrom !== m.modelTo ? ` (${m.modelFrom} → ${m.modelTo})` : ''
    const how = m.replaceFirst
      ? 'Its replacement serves before the old one ends.'
      : m.checkpoints
        ? 'It is saved first and goes on from there.'
        : 'It starts again without a fresh checkpoint.'
    return `I can move ${m.workload.name} from ${nodesFrom(m)} to ${nodesTo(m)}${model}. ${how}`
  }
  return `I can move ${count(moves.length, 'workload')}: ${moves.map((x) => `${x.workload.name} to ${nodesTo(x)}`).join(', ')}.`
}

async function content({ args, moves, live, snapshot }: Migration, { ctx, turn }: ToolContext): Promise<PlanContent> {
  const [estimates, at] = await Promise.all([stepEstimates({ ctx }), lastSteps(ctx, live)])
  const [only] = moves
  const single = moves.length === 1 ? only : undefined
  const steps = [...claimSteps(moves, estimates), ...moves.flatMap((m) => moveSteps(m, estimates))]
  const known = steps.map((s) => s.estimateS)
  const nodes = [
    ...new Map(
      moves.flatMap((m) => [...m.from, ...m.to]).map((p) => [p.nodeId, { id: p.nodeId, name: p.nodeName }]),
    ).values(),
  ]
  return planCard({
    tool: { name: 'migrate_workload', args: { ...args, ...(single ? { workload: single.workload.name } : {}) } },
    turn,
    title: single
      ? `Move ${single.workload.name} to ${nodesTo(single)}`
      : `Move ${count(moves.length, 'workload')} to ${[...new Set(moves.map(nodesTo))].join(', ')}`,
    evidence: moves.slice(0, 10).map((m) => ({
      text: `${nodesTo(m)}: ${m.considered.find((v) => v.nodeName === m.to[0]?.nodeName)?.reason ?? 'it stays there'}`.slice(
        0,
        300,
      ),
      href: `/workloads/${m.workload.name}`,
      at: snapshot.at,
    })),
    steps,
    changes: [...costChange(args, moves, snapshot), ...moveChanges(moves, at)].slice(0, 60),
    facts: uniqueFacts(moveFacts(moves, live, snapshot)),
    affects: {
      workloads: affected(moves, live),
      nodes,
      gpus: moves.reduce((sum, m) => sum + m.to.reduce((n, p) => n + p.gpuIds.length, 0), 0),
    },
    cost: moveCost(moves, snapshot),
    notDone: ['The node that it leaves is not cordoned: other work may go there.'],
    undo: single
      ? {
          possible: true,
          text: `Move ${single.workload.name} back to ${nodesFrom(single)}, from its newest checkpoint, while there is room.`,
          tool: {
            name: 'migrate_workload',
            args: { workload: single.workload.name, to_node: single.from[0]?.nodeName ?? '' },
          },
        }
      : { possible: false, text: 'Cannot be undone in one step: move each workload back by itself.', tool: null },
    risk: 'medium',
    riskReason: `${count(moves.length, 'workload')} restart${moves.length === 1 ? 's' : ''} in another place.`,
    warnings: moveWarnings(moves),
    durationS: known.every((s) => s !== null) ? known.reduce<number>((sum, s) => sum + (s ?? 0), 0) : null,
    editable: [
      {
        name: 'to_node',
        label: 'To node',
        input: 'choice',
        value: args.to_node ?? single?.to[0]?.nodeName ?? null,
        choices: (single?.considered ?? [])
          .filter((v) => v.fits)
          .map((v) => ({ value: v.nodeName, label: `${v.nodeName}: ${v.reason}` })),
        min: null,
        max: null,
      },
    ],
  })
}
