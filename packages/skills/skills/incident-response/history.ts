import { atWords } from '@clawbernetes/domain/at-words'
import type { Ctx } from '@clawbernetes/services/context'
import { listFindings } from '@clawbernetes/services/diagnosis/list-findings'
import type { ToolResult } from '../../src/registry/define-tool'
import type { Incident } from './tools'

const SHOWN = 20

/** What was found before, newest first: findings that are open or were cleared. */
export async function incidentHistory(ctx: Ctx): Promise<ToolResult<Incident>> {
  const findings = (await listFindings({ ctx, input: { state: 'all' } }))
    .filter((f) => f.severity !== 'info')
    .sort((a, b) => b.sinceMs - a.sinceMs)
  const past = findings.slice(0, SHOWN).map((f) => ({
    title: `${f.title} (${f.nodeName})`,
    at: atWords(new Date(f.sinceMs)),
    open: f.state === 'open',
  }))
  return {
    data: {
      verdict: 'history',
      period: 'all that is kept',
      node: null,
      workload: null,
      readings: [],
      hypotheses: [],
      events: 0,
      plans: [],
      errorLines: 0,
      candidates: [],
      past,
      advice: null,
    },
    say:
      past.length === 0
        ? 'Nothing was found in the past that is kept.'
        : `The last things that were found: ${past
            .slice(0, 3)
            .map((p) => `${p.title}, ${p.at}${p.open ? ', still open' : ''}`)
            .join('; ')}.`,
    blocks:
      past.length === 0
        ? []
        : [
            {
              type: 'timeline',
              title: 'Findings',
              at: ctx.now().toISOString(),
              source: 'findings',
              href: '/fleet',
              demo: false,
              entries: findings
                .slice(0, SHOWN)
                .reverse()
                .map((f) => ({
                  at: new Date(f.sinceMs).toISOString(),
                  label: `${f.title} (${f.nodeName})`.slice(0, 200),
                  detail: f.detail.slice(0, 500),
                  tone: f.state === 'cleared' ? 'muted' : f.severity === 'critical' ? 'critical' : 'warn',
                  href: `/nodes/${f.nodeName}`,
                  untrusted: false,
                })),
              more: Math.max(0, findings.length - SHOWN),
            },
          ],
  }
}
