import { MASK_MARK } from '@clawbernetes/domain/chat/mask-secrets'
import { maskEnv } from '@clawbernetes/domain/workloads/mask-env'
import { secretSetting } from '@clawbernetes/domain/workloads/secret-setting'
import { plainText } from '@clawbernetes/protocol/text'
import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'
import { type LiveWorkload, liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import * as z from 'zod'
import { MOVE_STEPS, nodesFrom } from '../../src/moves/move-steps'
import { inPlace, restartCard, savedWords } from '../../src/moves/restart-in-place'
import { type Preview, type ToolContext, writeTool } from '../../src/registry/define-tool'
import { OPERATOR } from '../../src/registry/plan-card'
import { slugSlot, wordSlot } from '../../src/registry/slots'
import { findWorkload } from '../workload-manager/find-workload'

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/
/** What placement and the node agent set themselves: another value would take GPUs of others or lose the replica. */
const OURS =
  /^(?:CLAWBERNETES_|NVIDIA_VISIBLE_DEVICES$|CUDA_VISIBLE_DEVICES$|HIP_VISIBLE_DEVICES$|ROCR_VISIBLE_DEVICES$)/

const input = z.object({
  workload: slugSlot.optional(),
  key: wordSlot.optional().describe('name of the environment variable'),
  value: z
    .union([plainText(2000), z.number(), z.boolean(), z.null()])
    .optional()
    .describe('null takes it away'),
  checkpoint: z.enum(['yes', 'no']).optional().describe('save training first; yes unless said otherwise'),
})
type Args = z.output<typeof input>

export const setConfig = writeTool({
  kind: 'write',
  name: 'set_config',
  skill: 'secrets-config',
  version: 1,
  title: 'Planned a setting',
  description:
    'Set an environment variable of a workload that runs: a new revision, with which it restarts in its place; if it does not start, it comes back as it was. Never for secrets.',
  input,
  risk: 'medium',
  authorize: OPERATOR,
  steps: MOVE_STEPS,
  verify: 'It runs again on the same GPUs with the environment of the card.',
  undo: { tool: 'set_config', words: 'Set the value that it had before.' },
  preview,
})

async function preview(args: Args, tool: ToolContext): Promise<Preview> {
  const { ctx, turn } = tool
  const live = (await liveWorkloads({ ctx, input: {} })).filter((w) => w.replicas.length > 0 && w.status !== 'stopping')
  const found = findWorkload(live, args.workload ?? turn.focus.workload, 'change')
  if ('question' in found) return { ok: false, question: found.question }
  const { workload } = found
  const { key } = args
  if (key === undefined)
    return ask(
      'key',
      `Which setting of ${workload.name}, and to what value? For example: set LOG_LEVEL=debug on ${workload.name}.`,
    )
  if (args.value === undefined) return ask('value', `To what value should I set ${key} of ${workload.name}?`)
  const value = args.value === null ? null : String(args.value)
  const no = whyNot(workload, key, value)
  if (no) return no
  const before = workload.spec.env[key]
  if ((before ?? null) === value)
    return refuse(
      `${key} of ${workload.name} is ${value === null ? 'not set' : value} already. There is nothing to change.`,
    )
  const after = withSetting(workload.spec, key, value)
  const move = inPlace(workload, after, args.checkpoint !== 'no')
  const words = { before: shown(key, before), after: value ?? 'not set' }
  return {
    ok: true,
    demo: workload.demo,
    focus: { workload: workload.name },
    say: `I can set ${key} of ${workload.name} from ${words.before} to ${words.after} and restart it on ${nodesFrom(move)}. ${savedWords(move)} Approve the plan to do it.`,
    content: await restartCard(
      {
        tool: { name: 'set_config', args: { ...args, workload: workload.name, key, value } },
        title: value === null ? `Take ${key} away from ${workload.name}` : `Set ${key} of ${workload.name} to ${value}`,
        changes: [
          { label: `Environment ${key}`, before: words.before.slice(0, 400), after: words.after.slice(0, 1000) },
        ],
        notDone: ['A program that does not read this variable behaves as before.'],
        undo: undoOf(workload, key, before),
      },
      workload,
      move,
      tool,
    ),
  }
}

/** Secrets are pointed to where they are stored; what the machinery sets is left alone. */
function whyNot(workload: LiveWorkload, key: string, value: string | null): Preview | null {
  if (!VARIABLE.test(key))
    return refuse(`${key} cannot be a setting: an environment variable is named with letters, digits and underscores.`)
  if (OURS.test(key)) return refuse(`${key} is set by placement for every replica and cannot be changed by hand.`)
  const secret = workload.spec.secretEnv?.[key]
  if (secret)
    return {
      ...refuse(`${key} of ${workload.name} comes from the secret ${secret}: rotate that one.`),
      options: [{ label: `Rotate ${secret}`, send: `rotate the secret ${secret}` }],
    }
  const why =
    value === null ? null : MASK_MARK.test(value) ? 'a secret was pasted into the chat' : secretSetting(key, value)
  return why === null
    ? null
    : {
        ...refuse(
          `I do not set ${key} as a plain setting: ${why}. Values of secrets are entered in a secret field, never here, and a workload names the secret for its environment.`,
        ),
        options: [{ label: `Store the secret ${key}`, send: `store a secret called ${key}` }],
      }
}

function withSetting(spec: WorkloadSpec, key: string, value: string | null): WorkloadSpec {
  const { [key]: _, ...others } = spec.env
  return { ...spec, env: value === null ? others : { ...others, [key]: value } }
}

function undoOf(workload: LiveWorkload, key: string, before: string | undefined) {
  // A value that may not be shown is not carried in a plan either.
  if (before !== undefined && secretSetting(key, before) !== null)
    return { possible: false, text: `The value before is hidden: set ${key} again by hand.`, tool: null }
  return {
    possible: true,
    text: before === undefined ? `Take ${key} away again.` : `Set ${key} back to ${before.slice(0, 200)}.`,
    tool: { name: 'set_config', args: { workload: workload.name, key, value: before ?? null } },
  }
}

const shown = (key: string, value: string | undefined): string =>
  value === undefined ? 'not set' : value === '' ? 'empty' : (maskEnv({ [key]: value })[0]?.value ?? value)
const refuse = (say: string): Extract<Preview, { say: string; ok: false }> => ({
  ok: false,
  say,
  blocks: [],
  options: [],
})
const ask = (slot: string, text: string): Preview => ({
  ok: false,
  question: { ask: text, slot, options: [], blocks: [] },
})
