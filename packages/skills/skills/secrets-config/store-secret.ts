import { MASK_MARK } from '@clawbernetes/domain/chat/mask-secrets'
import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import { secretName } from '@clawbernetes/protocol/plans/steps'
import { listSecrets, type SecretItem } from '@clawbernetes/services/secrets/list-secrets'
import * as z from 'zod'
import { type Preview, type ToolContext, type Turn, writeTool } from '../../src/registry/define-tool'
import { OPERATOR, planCard, step } from '../../src/registry/plan-card'
import { slugSlot } from '../../src/registry/slots'

const input = z.object({ name: secretName.optional(), service: slugSlot.optional().catch(undefined) })
type Args = z.output<typeof input>
type Mode = 'create' | 'rotate'

export const secretCreate = writeTool({
  kind: 'write',
  name: 'secret_create',
  skill: 'secrets-config',
  version: 1,
  title: 'Planned to store a secret',
  description:
    'Store a secret under a name. The value is entered by a person in the card’s secret field; it is never part of the chat or of these arguments.',
  input,
  risk: 'high',
  authorize: OPERATOR,
  steps: ['store-secret'],
  verify: 'The first version is stored, sealed.',
  undo: { none: 'What was stored stays; rotate it when the value should no longer be used.' },
  preview: (args, tool) => preview(args, tool, 'create'),
})

export const secretRotate = writeTool({
  kind: 'write',
  name: 'secret_rotate',
  skill: 'secrets-config',
  version: 1,
  title: 'Planned to rotate a secret',
  description: 'Give a stored secret a new value, entered by a person in the card’s secret field.',
  input,
  risk: 'high',
  authorize: OPERATOR,
  steps: ['store-secret'],
  verify: 'The new version is stored, sealed, and used from the next start on.',
  undo: { none: 'The value before cannot be read back; enter it again if it is still good.' },
  preview: (args, tool) => preview(args, tool, 'rotate'),
})

async function preview(args: Args, { ctx, turn }: ToolContext, mode: Mode): Promise<Preview> {
  const secrets = await listSecrets({ ctx })
  const known = secrets.find((s) => s.name === args.name)
  if (!args.name)
    return {
      ok: false,
      question: {
        ask:
          mode === 'create'
            ? 'What should the secret be called? For example: hf_token.'
            : 'Which secret should get a new value?',
        slot: 'name',
        options: mode === 'rotate' ? secrets.slice(0, 6).map((s) => ({ label: s.name, send: `rotate ${s.name}` })) : [],
        blocks: [],
      },
    }
  if (mode === 'create' && known)
    return {
      ok: false,
      say: `There is a secret ${known.name} already (version ${known.version}).`,
      blocks: [],
      options: [{ label: `Rotate ${known.name}`, send: `rotate the secret ${known.name}` }],
    }
  if (mode === 'rotate' && !known)
    return {
      ok: false,
      say: `I see no secret named ${args.name}. ${secrets.length === 0 ? 'None is stored yet.' : `There are ${secrets.map((s) => s.name).join(', ')}.`}`,
      blocks: [],
      options: [{ label: `Store ${args.name}`, send: `store a secret called ${args.name}` }],
    }
  return {
    ok: true,
    demo: false,
    say: `${mode === 'create' ? `I can store the secret ${args.name}` : `I can give ${args.name} a new value`}. Enter the value in the card’s secret field, never here, then type ${args.name} to approve.`,
    content: content(args.name, serviceOf(args) ?? known?.service ?? null, mode, known, turn),
  }
}

/** A planner may take the secret's own name for the workload it is for. */
const serviceOf = (args: Args): string | undefined => (args.service === args.name ? undefined : args.service)

function content(
  name: string,
  service: string | null,
  mode: Mode,
  known: SecretItem | undefined,
  turn: Turn,
): PlanContent {
  const used = known?.usedBy ?? []
  const pasted = MASK_MARK.test(turn.text)
  return planCard({
    tool: {
      name: mode === 'create' ? 'secret_create' : 'secret_rotate',
      args: { name, ...(service ? { service } : {}) },
    },
    turn,
    title: mode === 'create' ? `Store the secret ${name}` : `Rotate the secret ${name}`,
    steps: [
      step(
        'store-secret',
        { name, service, mode },
        {
          title: `Store the value of ${name}, sealed`,
          target: name,
          reversible: 'irreversible',
          note: 'Taken from the secret field of this card; it is in no message, log or audit entry.',
        },
      ),
    ],
    changes: [
      { label: 'Version', before: known ? String(known.version) : 'none', after: String((known?.version ?? 0) + 1) },
      { label: 'For', before: known?.service ?? '—', after: service ?? 'any workload that names it' },
    ],
    facts: [{ kind: 'secret-version', id: name, value: known?.version ?? 0, text: `Version of ${name}` }],
    notDone:
      used.length > 0
        ? [`Not restarted: ${used.join(', ')}. They take the new value at their next start.`.slice(0, 300)]
        : [],
    undo: {
      possible: false,
      tool: null,
      text:
        mode === 'create'
          ? 'Cannot be undone: it stays stored. Rotate it when the value should no longer be used.'
          : 'Cannot be undone: the value before cannot be read back. Enter it again if it is still good.',
    },
    risk: 'high',
    riskReason:
      mode === 'create'
        ? 'A secret can be used by whoever may start workloads.'
        : used.length === 0
          ? 'Nothing that runs uses it now; what names it takes the new value.'
          : `${used.length} live workload${used.length === 1 ? ' uses' : 's use'} it.`,
    warnings: pasted
      ? [
          'Something that looks like a secret was pasted into the chat. It was masked and not stored, but consider it known: revoke it where it came from.',
        ]
      : [],
    confirmName: name,
    secretValue: { name, label: `Value of ${name}` },
  })
}
