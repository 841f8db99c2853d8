import { API_SCOPES, type ApiScope, scopesOfRole } from '@clawbernetes/protocol/permissions'
import { listApiKeys } from '@clawbernetes/services/identity/list-api-keys'
import * as z from 'zod'
import { type Preview, type ToolContext, writeTool } from '../../src/registry/define-tool'
import { OPERATOR, planCard, step } from '../../src/registry/plan-card'
import { SCOPE_WORDS } from './role-words'

/** As people say it, and the scopes that it means. */
const MEANT: Record<string, readonly ApiScope[]> = {
  write: ['chat', 'propose'],
  deploy: ['chat', 'propose'],
  admin: ['manage'],
}
const EXPIRES_DAYS = 90

const input = z.object({
  name: z.string().trim().min(1).max(60).optional(),
  scopes: z
    .array(z.string().max(20))
    .max(10)
    .optional()
    .describe(`of ${API_SCOPES.join(', ')}; read unless said otherwise`),
})

export const createApiKey = writeTool({
  kind: 'write',
  name: 'create_api_key',
  skill: 'auth-rbac',
  version: 1,
  title: 'Planned an API key',
  description:
    'Make an API key for the person who asks. The key itself is never shown here: its owner sees it once on Settings > API keys.',
  input,
  risk: 'high',
  authorize: OPERATOR,
  steps: ['create-api-key'],
  verify: 'The key exists and waits for its owner.',
  undo: { tool: 'revoke_api_key', words: 'Revoke the key.' },
  preview,
})

async function preview(args: z.output<typeof input>, { ctx, turn }: ToolContext): Promise<Preview> {
  const { name } = args
  if (!name)
    return {
      ok: false,
      question: { ask: 'What should the key be called? For example: ci.', slot: 'name', options: [], blocks: [] },
    }
  const refusal = (say: string): Preview => ({ ok: false, say, blocks: [], options: [] })
  if (ctx.actor.scopes) return refusal('A key cannot make another key. Sign in and ask for it in the browser.')
  const { scopes, unknown } = readScopes(args.scopes ?? [])
  if (unknown.length > 0)
    return refusal(`There is no scope ${unknown.join(', ')}. The scopes are ${API_SCOPES.join(', ')}.`)
  const useless = scopes.filter((scope) => !scopesOfRole(ctx.actor.role).includes(scope))
  if (useless.length > 0)
    return refusal(`Your role ${ctx.actor.role} cannot ${useless.join(' or ')}, so a key cannot either.`)
  const keys = await listApiKeys({ ctx, input: {} })
  if (keys.some((key) => key.state === 'active' && key.name === name))
    return refusal(`You have a key named ${name} in use. Choose another name, or revoke that one first.`)
  const does = scopes.map((scope) => SCOPE_WORDS[scope]).join(', ')
  return {
    ok: true,
    demo: false,
    say: `I can make the API key ${name} for you; it ${does}. You pick it up once on Settings, API keys, within 10 minutes. Type ${name} to approve.`,
    content: planCard({
      tool: { name: 'create_api_key', args: { name, scopes } },
      turn,
      title: `Make the API key ${name}`,
      steps: [
        step(
          'create-api-key',
          { name, scopes, expiresInDays: EXPIRES_DAYS },
          {
            title: `Make the key ${name} of ${ctx.actor.userName}`,
            target: name,
            note: 'It is in no message, plan or audit entry. What is not picked up within 10 minutes is revoked.',
          },
        ),
      ],
      changes: [
        { label: 'Key', before: 'none', after: `${name}, of ${ctx.actor.userName}` },
        { label: 'Scopes', before: '—', after: scopes.join(', ') },
        { label: 'Expires', before: '—', after: `${EXPIRES_DAYS} days after it is made` },
      ],
      facts: [],
      undo: { possible: true, tool: { name: 'revoke_api_key', args: { key: name } }, text: `Revoke ${name}.` },
      risk: 'high',
      riskReason: `Whoever has the key acts as ${ctx.actor.userName}: it ${does}.`,
      confirmName: name,
    }),
  }
}

function readScopes(words: readonly string[]): { scopes: ApiScope[]; unknown: string[] } {
  const unknown: string[] = []
  const found = new Set<ApiScope>(['read'])
  for (const word of words.map((w) => w.toLowerCase())) {
    const scope = API_SCOPES.find((known) => known === word)
    const meant = scope ? [scope] : MEANT[word]
    if (meant) for (const one of meant) found.add(one)
    else unknown.push(word)
  }
  return { scopes: API_SCOPES.filter((scope) => found.has(scope)), unknown }
}
