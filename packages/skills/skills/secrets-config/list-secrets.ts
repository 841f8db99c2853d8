import { atWords } from '@clawbernetes/domain/at-words'
import { listSecrets as readSecrets } from '@clawbernetes/services/secrets/list-secrets'
import * as z from 'zod'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'

const output = z.object({
  secrets: z.array(
    z.object({ name: z.string(), service: z.string().nullable(), version: z.number(), usedBy: z.array(z.string()) }),
  ),
})
type Output = z.output<typeof output>

const input = z.object({ name: z.string().max(80).optional(), service: z.string().max(80).optional() })

export const listSecrets = readTool({
  kind: 'read',
  name: 'list_secrets',
  skill: 'secrets-config',
  version: 1,
  title: 'Listed secrets',
  description: 'Names, versions, who stored them and when. Values cannot be read by anybody.',
  input,
  output,
  run,
})

async function run(args: z.output<typeof input>, { ctx }: ToolContext): Promise<ToolResult<Output>> {
  const all = await readSecrets({ ctx })
  const shown = all.filter(
    (s) =>
      (!args.name || s.name.toLowerCase() === args.name.toLowerCase()) &&
      (!args.service || s.service === args.service || s.usedBy.includes(args.service)),
  )
  const data: Output = {
    secrets: shown.map(({ name, service, version, usedBy }) => ({ name, service, version, usedBy })),
  }
  if (shown.length === 0)
    return {
      data,
      say: all.length === 0 ? 'No secrets are stored.' : 'No such secret is stored.',
      blocks: [
        {
          type: 'choice',
          question: 'Store one?',
          options: [{ label: 'Store a secret', send: 'store a secret called hf_token' }],
        },
      ],
    }
  return {
    data,
    say: `${shown.length} secret${shown.length === 1 ? '' : 's'}: ${shown
      .slice(0, 6)
      .map((s) => s.name)
      .join(', ')}${shown.length > 6 ? ' …' : ''}. Values cannot be read back.`,
    blocks: [
      {
        type: 'table',
        title: 'Secrets',
        at: ctx.now().toISOString(),
        source: 'secret records',
        href: '/settings',
        demo: false,
        columns: [
          { key: 'name', label: 'Name', align: 'left', unit: null },
          { key: 'version', label: 'Version', align: 'right', unit: null },
          { key: 'for', label: 'For', align: 'left', unit: null },
          { key: 'used', label: 'Used by', align: 'left', unit: null },
          { key: 'by', label: 'Stored by', align: 'left', unit: null },
          { key: 'when', label: 'When', align: 'left', unit: null },
        ],
        rows: shown.slice(0, 50).map((s) => ({
          href: null,
          tone: null,
          cells: {
            name: s.name,
            version: s.version,
            for: s.service ?? 'any',
            used: s.usedBy.join(', ') || '—',
            by: s.rotatedBy ?? s.createdBy,
            when: atWords(new Date(s.rotatedAt ?? s.createdAt)),
          },
        })),
        more: Math.max(0, shown.length - 50),
      },
    ],
  }
}
