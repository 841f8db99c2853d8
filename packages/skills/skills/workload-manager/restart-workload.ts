import { changeFlags, numberFlag } from '@clawbernetes/domain/workloads/change-flags'
import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'
import { type LiveWorkload, liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import * as z from 'zod'
import { MOVE_STEPS, type MovePlan, nodesFrom } from '../../src/moves/move-steps'
import { inPlace, restartCard, savedWords } from '../../src/moves/restart-in-place'
import { type Preview, type ToolContext, writeTool } from '../../src/registry/define-tool'
import { OPERATOR } from '../../src/registry/plan-card'
import { slugSlot } from '../../src/registry/slots'
import { findWorkload } from './find-workload'

const FLAG = z
  .string()
  .max(200)
  .regex(/^--[A-Za-z][\w-]*(?:=[^\s\0]*)?$/, 'A flag such as --gradient-checkpointing or --lr=1e-5 is needed.')
const BATCH_FLAGS = ['batch-size', 'per-device-train-batch-size', 'micro-batch-size']

const input = z.object({
  workload: slugSlot.optional(),
  flags: z.union([FLAG, z.array(FLAG).max(20)]).optional(),
  batch_size: z.union([z.literal('smaller'), z.coerce.number().int().min(1).max(1_000_000)]).optional(),
  checkpoint: z.enum(['yes', 'no']).optional().describe('save training first; yes unless said otherwise'),
})
type Args = z.output<typeof input>

export const restartWorkload = writeTool({
  kind: 'write',
  name: 'restart_workload',
  skill: 'workload-manager',
  version: 1,
  title: 'Planned a restart',
  description:
    'Restart a workload in its place, with other flags when asked for; if it does not start, it comes back as it was.',
  input,
  risk: 'medium',
  authorize: OPERATOR,
  steps: MOVE_STEPS,
  verify: 'It runs again on the same GPUs with the command line of the card.',
  undo: { tool: 'restart_workload', words: 'Restart it again with the flags that it had.' },
  preview,
})

async function preview(args: Args, tool: ToolContext): Promise<Preview> {
  const { ctx, turn } = tool
  const live = (await liveWorkloads({ ctx, input: {} })).filter((w) => w.replicas.length > 0 && w.status !== 'stopping')
  const found = findWorkload(live, args.workload ?? turn.focus.workload, 'restart')
  if ('question' in found) return { ok: false, question: found.question }
  const { workload } = found
  const flags = wantedFlags(args, workload)
  if (flags === null)
    return {
      ok: false,
      question: {
        ask: `${workload.name} sets no batch size that I could lower. Which value should it get?`,
        slot: 'batch_size',
        options: [1, 2, 4].map((n) => ({ label: String(n), send: `restart ${workload.name} with batch size ${n}` })),
        blocks: [],
      },
    }
  const after = withFlags(workload.spec, flags)
  const move = inPlace(workload, after, args.checkpoint !== 'no')
  const changed = flags.length > 0
  return {
    ok: true,
    demo: workload.demo,
    focus: { workload: workload.name },
    say: `I can restart ${workload.name} on ${nodesFrom(move)}${changed ? ` with ${flags.join(' ')}` : ''}. ${savedWords(move)} Approve the plan to do it.`,
    content: await content({ args, workload, move, flags, after }, tool),
  }
}

/** null: a smaller batch was asked for and none is set. */
function wantedFlags(args: Args, workload: LiveWorkload): string[] | null {
  const flags = args.flags === undefined ? [] : Array.isArray(args.flags) ? [...args.flags] : [args.flags]
  if (args.batch_size === undefined) return flags
  const now = numberFlag(workload.spec.command, BATCH_FLAGS)
  if (args.batch_size === 'smaller') {
    if (!now) return null
    return [...flags, `--${now.name}=${Math.max(1, Math.floor(now.value / 2))}`]
  }
  return [...flags, `--${now?.name ?? 'batch-size'}=${args.batch_size}`]
}

function withFlags(spec: WorkloadSpec, flags: readonly string[]): WorkloadSpec {
  const saving = flags.some((f) => f === '--gradient-checkpointing')
  return {
    ...spec,
    command: changeFlags(spec.command, flags),
    training: spec.training && saving ? { ...spec.training, gradientCheckpointing: true } : spec.training,
  }
}

interface Restart {
  args: Args
  workload: LiveWorkload
  move: MovePlan
  flags: string[]
  after: WorkloadSpec
}

function content({ args, workload, move, flags, after }: Restart, tool: ToolContext) {
  const before = workload.spec.command
  const back = undoFlags(before, flags)
  return restartCard(
    {
      tool: {
        name: 'restart_workload',
        args: { ...args, workload: workload.name, ...(flags.length > 0 ? { flags } : {}), batch_size: undefined },
      },
      title: `Restart ${workload.name}${flags.length > 0 ? ` with ${flags.join(' ')}` : ''}`,
      changes:
        flags.length > 0
          ? [
              {
                label: 'Command',
                before: before.join(' ').slice(0, 400),
                after: after.command.join(' ').slice(0, 1000),
              },
            ]
          : [],
      notDone: ['Flags that the program does not know make it fail; then it comes back as it was.'],
      undo:
        back === null
          ? {
              possible: false,
              text: 'Cannot be undone by flags alone: restart it again when it should go back.',
              tool: null,
            }
          : {
              possible: true,
              text: `Restart ${workload.name} with ${back.join(' ')}.`,
              tool: { name: 'restart_workload', args: { workload: workload.name, flags: back } },
            },
    },
    workload,
    move,
    tool,
  )
}

/** The flags that set it back; null: one was not there before, and leaving it out is no flag. */
function undoFlags(command: readonly string[], flags: readonly string[]): string[] | null {
  const back: string[] = []
  for (const flag of flags) {
    const name = flag.slice(2).split('=')[0] ?? ''
    const was = numberFlag(command, [name.toLowerCase().replaceAll('_', '-')])
    const had = command.find((word) => word === `--${name}` || word.startsWith(`--${name}=`))
    if (was && flag.includes('=')) back.push(`--${name}=${was.value}`)
    else if (had) back.push(had)
    else return null
  }
  return back.length > 0 ? back : null
}
