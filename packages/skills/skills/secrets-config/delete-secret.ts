import { secretName } from '@clawbernetes/protocol/plans/steps'
import { listSecrets, type SecretItem } from '@clawbernetes/services/secrets/list-secrets'
import * as z from 'zod'
import { type Preview, type ToolContext, type Turn, writeTool } from '../../src/registry/define-tool'
import { OPERATOR, planCard, step } from '../../src/registry/plan-card'

const input = z.object({ name: secretName.optional() })
type Args = z.output<typeof input>

export const secretDelete = writeTool({
  kind: 'write',
  name: 'secret_delete',
  skill: 'secrets-config',
  version: 1,
  title: 'Planned to delete a secret',
  description: 'Delete a stored secret with every version of its value. Not while a workload that runs uses it.',
  input,
  risk: 'high',
  authorize: OPERATOR,
  steps: ['delete-secret'],
  verify: 'No secret of this name is stored any more.',
  undo: { none: 'The value is gone; store it again if somebody still has it.' },
  preview,
})

async function preview({ name }: Args, { ctx, turn }: ToolContext): Promise<Preview> {
  const secrets = await listSecrets({ ctx })
  const known = secrets.find((secret) => secret.name === name)
  if (!known) {
    const options = secrets.slice(0, 6).map((s) => ({ label: s.name, send: `delete the secret ${s.name}` }))
    if (!name)
      return { ok: false, question: { ask: 'Which secret should be deleted?', slot: 'name', options, blocks: [] } }
    return { ok: false, say: `I see no secret named ${name}. ${storedWords(secrets)}`, blocks: [], options: [] }
  }
  if (known.usedBy.length > 0)
    return {
      ok: false,
      say: `${known.name} is used by ${known.usedBy.join(', ')}, which would not start again without it. Stop what uses it first, or rotate the secret.`,
      blocks: [],
      options: [{ label: `Rotate ${known.name}`, send: `rotate the secret ${known.name}` }],
    }
  return {
    ok: true,
    demo: false,
    say: `I can delete the secret ${known.name} for good. Type ${known.name} on the card to approve.`,
    content: content(known, turn),
  }
}

const storedWords = (secrets: readonly SecretItem[]): string =>
  secrets.length === 0 ? 'None is stored.' : `There are ${secrets.map((secret) => secret.name).join(', ')}.`

function content(known: SecretItem, turn: Turn) {
  const { name, version } = known
  return planCard({
    tool: { name: 'secret_delete', args: { name } },
    turn,
    title: `Delete the secret ${name}`,
    steps: [
      step(
        'delete-secret',
        { name, version },
        { title: `Delete ${name} and every version of its value`, target: name, reversible: 'irreversible' },
      ),
    ],
    changes: [
      { label: 'Version', before: String(version), after: 'none' },
      { label: 'For', before: known.service ?? 'any workload that names it', after: '—' },
    ],
    facts: [{ kind: 'secret-version', id: name, value: version, text: `Version of ${name}` }],
    undo: {
      possible: false,
      tool: null,
      text: 'Cannot be undone: nobody can read the value back. Store it again if somebody still has it.',
    },
    risk: 'high',
    riskReason: 'The value is gone for good.',
    warnings: ['Deleting it here does not revoke it where it came from.'],
    confirmName: name,
  })
}
