import { secretName } from '@clawbernetes/protocol/plans/steps'
import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import { listSecrets } from '@clawbernetes/services/secrets/list-secrets'
import * as z from 'zod'
import type { Preview, ToolContext } from './define-tool'

/** Environment variables that a workload starts with, each with the NAME of a stored secret; values are never arguments. */
export const secretEnvSlot = z
  .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/), secretName)
  .optional()
  .describe('environment variable → name of a stored secret')
export type SecretEnv = z.output<typeof secretEnvSlot>

/** A refusal that names the first secret which is not stored; null: all are. */
export async function missingSecret(env: SecretEnv, { ctx }: ToolContext): Promise<Preview | null> {
  const names = Object.values(env ?? {})
  if (names.length === 0) return null
  const stored = await listSecrets({ ctx })
  const missing = names.find((name) => !stored.some((secret) => secret.name === name))
  if (missing === undefined) return null
  return {
    ok: false,
    say: `The secret ${missing} is not stored. Store it first: its value is entered in a secret field, never here.`,
    blocks: [],
    options: [{ label: `Store ${missing}`, send: `store a secret called ${missing}` }],
  }
}

/** As the card shows it: the variable and the secret's name. */
export const secretEnvChanges = (env: SecretEnv): PlanContent['changes'] =>
  Object.entries(env ?? {}).map(([variable, name]) => ({
    label: `Environment ${variable}`,
    before: 'not set',
    after: `the secret ${name}, its newest version at each start`,
  }))
