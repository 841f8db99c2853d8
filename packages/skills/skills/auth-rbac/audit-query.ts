import { atWords } from '@clawbernetes/domain/at-words'
import { parsePeriod } from '@clawbernetes/domain/telemetry/period'
import { listAudit } from '@clawbernetes/services/log/list-audit'
import * as z from 'zod'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'
import { nameSlot, whenSlot, wordSlot } from '../../src/registry/slots'

const MAX_ROWS = 50
/** What people call it, and how the actions of the log begin. */
const ACTIONS: Record<string, string> = {
  approve: 'plan.approved',
  reject: 'plan.rejected',
  role_change: 'member.role',
  invite: 'member.invite',
  secret_access: 'secret',
  api_key: 'api-key',
  freeze: 'org.',
}

const output = z.object({
  entries: z.array(
    z.object({
      seq: z.number(),
      at: z.string(),
      who: z.string(),
      via: z.string(),
      action: z.string(),
      target: z.string(),
    }),
  ),
  /** There are older ones that fit. */
  more: z.boolean(),
})

export const auditQuery = readTool({
  kind: 'read',
  name: 'audit_query',
  skill: 'auth-rbac',
  version: 1,
  title: 'Searched the audit log',
  description:
    'Who did what and when: decisions, changes of members, keys, secrets, policy. Cannot be changed by anybody.',
  input: z.object({ actor: nameSlot.optional(), action: wordSlot.optional(), since: whenSlot.optional() }),
  output,
  run: async (args, { ctx }: ToolContext): Promise<ToolResult<z.output<typeof output>>> => {
    const nothing = { data: { entries: [], more: false }, blocks: [] }
    if (args.action === 'login')
      return { ...nothing, say: 'Sign-ins are not part of the audit log: it holds what people and the agent changed.' }
    const period = args.since ? parsePeriod(args.since, ctx.now().getTime()) : null
    if (args.since && !period)
      return { ...nothing, say: `I cannot tell when “${args.since}” was. Say for example: since yesterday.` }
    const action = args.action ? (ACTIONS[args.action] ?? args.action) : null
    const rows = await listAudit({
      ctx,
      input: {
        actor: args.actor ?? null,
        action,
        since: period ? new Date(period.fromMs).toISOString() : null,
        until: period ? new Date(period.toMs).toISOString() : null,
        limit: MAX_ROWS + 1,
      },
    })
    const shown = rows.slice(0, MAX_ROWS)
    const entries = shown.map((row) => ({
      seq: row.seq,
      at: row.at,
      who: row.onBehalfOf ? `${row.actor.name} for ${row.onBehalfOf}` : row.actor.name,
      via: row.via,
      action: row.action,
      target: row.target,
    }))
    const more = rows.length > MAX_ROWS
    const [last] = entries
    const whose = args.actor ? ` of ${args.actor}` : ''
    const how = more ? `More than ${MAX_ROWS} entries` : entries.length === 1 ? '1 entry' : `${entries.length} entries`
    const say = last
      ? `${how}${whose}. The newest: ${last.who}, ${last.action} ${last.target}, ${atWords(new Date(last.at))}.`
      : `The audit log has no such entry${whose}.`
    return {
      data: { entries, more },
      say,
      blocks: last
        ? [
            {
              type: 'table',
              title: 'Audit log',
              at: ctx.now().toISOString(),
              source: 'audit log',
              href: '/audit',
              demo: false,
              columns: [
                { key: 'at', label: 'When', align: 'left', unit: null },
                { key: 'who', label: 'Who', align: 'left', unit: null },
                { key: 'action', label: 'What', align: 'left', unit: null },
                { key: 'target', label: 'Target', align: 'left', unit: null },
                { key: 'via', label: 'Over', align: 'left', unit: null },
              ],
              rows: entries.map((entry) => ({
                href: null,
                tone: null,
                cells: {
                  at: atWords(new Date(entry.at)),
                  who: entry.who,
                  action: entry.action,
                  target: entry.target,
                  via: entry.via,
                },
              })),
              more: 0,
            },
          ]
        : [],
    }
  },
})
