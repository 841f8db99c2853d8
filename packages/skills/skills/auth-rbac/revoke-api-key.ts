import { atWords } from '@clawbernetes/domain/at-words'
import { allowed } from '@clawbernetes/services/context'
import { listApiKeys } from '@clawbernetes/services/identity/list-api-keys'
import * as z from 'zod'
import { type Preview, type ToolContext, writeTool } from '../../src/registry/define-tool'
import { OPERATOR, planCard, step } from '../../src/registry/plan-card'
import { nameSlot } from '../../src/registry/slots'

const input = z.object({ key: nameSlot.optional().describe('name of a key, its last characters, or its id') })

export const revokeApiKey = writeTool({
  kind: 'write',
  name: 'revoke_api_key',
  skill: 'auth-rbac',
  version: 1,
  title: 'Planned to revoke an API key',
  description: 'End an API key at once: one of the person who asks, or anybody’s for administrators.',
  input,
  risk: 'high',
  authorize: OPERATOR,
  steps: ['revoke-api-key'],
  verify: 'The key is revoked: no call with it gets through.',
  undo: { none: 'A revoked key never works again. Make a new one.' },
  preview,
})

async function preview(args: z.output<typeof input>, { ctx, turn }: ToolContext): Promise<Preview> {
  const everybody = allowed(ctx, 'manageMembers')
  const keys = (await listApiKeys({ ctx, input: { of: everybody ? 'all' : 'me' } })).filter((k) => k.state === 'active')
  const wanted = args.key?.toLowerCase()
  const hits = keys.filter((k) => k.name.toLowerCase() === wanted || k.hint === wanted || k.id === wanted)
  const mine = hits.filter((k) => k.mine)
  const [key] = mine.length === 1 ? mine : hits
  if (!key || (hits.length > 1 && mine.length !== 1))
    return {
      ok: false,
      question: {
        ask:
          keys.length === 0
            ? 'There is no API key in use that you could revoke.'
            : !wanted
              ? 'Which API key should I revoke?'
              : hits.length > 1
                ? `Several keys are called ${args.key}. Which one do you mean?`
                : `I see no key ${args.key} in use. Which one should I revoke?`,
        slot: 'key',
        options: (hits.length > 1 ? hits : keys)
          .slice(0, 8)
          .map((k) => ({ label: `${k.name} of ${k.owner.name} (…${k.hint})`, send: `revoke the API key ${k.id}` })),
        blocks: [],
      },
    }
  const used = key.lastUsedAt ? `last used ${atWords(new Date(key.lastUsedAt))}` : 'never used'
  return {
    ok: true,
    demo: false,
    say: `I can revoke the API key ${key.name} of ${key.owner.name} (${key.scopes.join(', ')}; ${used}). Whatever uses it stops working at once. Type ${key.name} to approve.`,
    content: planCard({
      tool: { name: 'revoke_api_key', args: { key: key.id } },
      turn,
      title: `Revoke the API key ${key.name}`,
      steps: [
        step(
          'revoke-api-key',
          { apiKeyId: key.id, name: key.name },
          {
            title: `Revoke ${key.name} of ${key.owner.name}`,
            target: key.name,
            reversible: 'irreversible',
          },
        ),
      ],
      changes: [{ label: key.name, before: `works, ${used}`, after: 'refused' }],
      facts: [{ kind: 'api-key-live', id: key.id, value: true, text: `${key.name} is in use` }],
      undo: { possible: false, tool: null, text: 'Cannot be undone: make a new key.' },
      risk: 'high',
      riskReason: `Whatever uses ${key.name} stops working at once.`,
      confirmName: key.name,
    }),
  }
}
