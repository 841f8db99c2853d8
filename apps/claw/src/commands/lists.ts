import {
  GPU_STATE_WORDS,
  NODE_CONDITION_WORDS,
  NODE_STATUS_WORDS,
  PLAN_STATE_WORDS,
  RISK_WORDS,
  SEVERITY_WORDS,
  THREAD_STATE_WORDS,
  WORKLOAD_STATUS_WORDS,
  wordOf,
} from '@clawbernetes/protocol/views/state-words'
import { type CommandContext, printJson } from '../command-context'
import { EXIT, type ExitCode } from '../exit-codes'
import { type Column, table } from '../table'
import { plain } from '../terminal'
import type { MessageAnswer, Page } from '../views'

export interface ListOptions {
  json?: boolean
  limit?: number
  after?: string
}

type Row = Record<string, unknown>
const text = (row: Row, key: string): string | null => (typeof row[key] === 'string' ? row[key] : null)
/** As the web says it; with --json the stored name. */
const worded = (row: Row, key: string, words: Readonly<Record<string, string>>): string | null => {
  const state = text(row, key)
  return state === null ? null : wordOf(words, state)
}
const num = (row: Row, key: string): number | null => (typeof row[key] === 'number' ? row[key] : null)
const names = (value: unknown): string =>
  ((value ?? []) as { name: string }[]).map(({ name }) => name).join(', ') || '–'
const time = (value: string | null): string | null => value?.slice(0, 16).replace('T', ' ') ?? null
const percent = (value: number | null): string | null => (value === null ? null : `${Math.round(value)} %`)

/** One list of the API as a table; an empty one says so, a longer one says how to go on. */
export async function list(
  context: CommandContext,
  spec: { path: string; query: Record<string, string | number | undefined>; columns: Column<Row>[]; nothing: string },
  options: ListOptions,
): Promise<ExitCode> {
  const query = { ...spec.query, limit: options.limit, after: options.after }
  const page = await context.api().get<Page<Row>>(spec.path, query)
  const { output } = context
  if (options.json) {
    printJson(output, page)
    return EXIT.ok
  }
  if (page.items.length === 0) output.err(`${spec.nothing}\n`)
  else output.out(table(page.items, spec.columns, output.width))
  if (page.next) output.err(`There is more: --after ${plain(page.next)}\n`)
  return EXIT.ok
}

export const nodeColumns: Column<Row>[] = [
  { title: 'NODE', value: (r) => text(r, 'name') },
  { title: 'STATUS', value: (r) => `${worded(r, 'status', NODE_STATUS_WORDS)}${r.cordon ? ', cordoned' : ''}` },
  { title: 'CONDITION', value: (r) => worded(r, 'condition', NODE_CONDITION_WORDS) },
  {
    title: 'GPUS',
    value: (r) =>
      (r.gpuModels as { model: string; count: number }[]).map((m) => `${m.count}x ${m.model}`).join(', ') || 'none',
  },
  { title: 'FREE', value: (r) => num(r, 'gpusFree'), align: 'right' },
  { title: 'UTIL', value: (r) => percent(num(r, 'utilPct')), align: 'right' },
  { title: 'MAX °C', value: (r) => num(r, 'maxTempC'), align: 'right' },
  { title: 'FINDINGS', value: (r) => num(r, 'openFindings'), align: 'right' },
]

export const gpuColumns: Column<Row>[] = [
  { title: 'NODE', value: (r) => text(r, 'nodeName') },
  { title: 'GPU', value: (r) => num(r, 'index'), align: 'right' },
  { title: 'MODEL', value: (r) => text(r, 'model') },
  { title: 'STATE', value: (r) => worded(r, 'state', GPU_STATE_WORDS) },
  { title: 'UTIL', value: (r) => percent((r.reading as { utilPct: number | null }).utilPct), align: 'right' },
  { title: 'MEM MiB', value: (r) => (r.reading as { memUsedMib: number | null }).memUsedMib, align: 'right' },
  { title: '°C', value: (r) => (r.reading as { tempC: number | null }).tempC, align: 'right' },
  { title: 'WORKLOAD', value: (r) => (r.workload as { name: string } | null)?.name ?? null },
]

export const workloadColumns: Column<Row>[] = [
  { title: 'WORKLOAD', value: (r) => text(r, 'name') },
  { title: 'KIND', value: (r) => text(r, 'kind') },
  { title: 'STATUS', value: (r) => worded(r, 'status', WORKLOAD_STATUS_WORDS) },
  { title: 'REPLICAS', value: (r) => `${num(r, 'replicasRunning')}/${num(r, 'replicasWanted')}`, align: 'right' },
  { title: 'GPUS', value: (r) => (r.gpus as { count: number }).count, align: 'right' },
  { title: 'NODES', value: (r) => names(r.nodes) },
  { title: 'OWNER', value: (r) => (r.owner as { name: string }).name },
]

export const planColumns: Column<Row>[] = [
  { title: 'PLAN', value: (r) => text(r, 'label') },
  { title: 'STATE', value: (r) => worded(r, 'state', PLAN_STATE_WORDS) },
  { title: 'RISK', value: (r) => worded(r, 'risk', RISK_WORDS) },
  { title: 'TITLE', value: (r) => text(r, 'title') },
  { title: 'BY', value: (r) => text(r, 'proposedBy') },
  { title: 'EXPIRES (UTC)', value: (r) => (r.state === 'proposed' ? time(text(r, 'expiresAt')) : null) },
]

export const threadColumns: Column<Row>[] = [
  { title: 'THREAD', value: (r) => text(r, 'id') },
  { title: 'STATE', value: (r) => (r.state === 'idle' ? null : worded(r, 'state', THREAD_STATE_WORDS)) },
  { title: 'LAST (UTC)', value: (r) => time(text(r, 'updatedAt')) },
  { title: 'TITLE', value: (r) => text(r, 'title') },
]

export const findingColumns: Column<Row>[] = [
  { title: 'SEVERITY', value: (r) => worded(r, 'severity', SEVERITY_WORDS) },
  { title: 'NODE', value: (r) => text(r, 'nodeName') },
  { title: 'GPU', value: (r) => num(r, 'gpuIndex'), align: 'right' },
  { title: 'TITLE', value: (r) => text(r, 'title') },
  { title: 'SINCE (UTC)', value: (r) => time(new Date(num(r, 'sinceMs') ?? 0).toISOString()) },
]

export const auditColumns: Column<Row>[] = [
  { title: 'SEQ', value: (r) => num(r, 'seq'), align: 'right' },
  { title: 'AT (UTC)', value: (r) => text(r, 'at')?.slice(0, 19).replace('T', ' ') ?? null },
  {
    title: 'WHO',
    value: (r) => (r.actor as { name: string }).name + (text(r, 'onBehalfOf') ? ` for ${text(r, 'onBehalfOf')}` : ''),
  },
  { title: 'VIA', value: (r) => text(r, 'via') },
  { title: 'ACTION', value: (r) => text(r, 'action') },
  { title: 'TARGET', value: (r) => text(r, 'target') },
]

/** The messages of one conversation. */
export async function showThread(context: CommandContext, id: string, options: ListOptions): Promise<ExitCode> {
  const page = await context.api().get<Page<MessageAnswer>>(`/threads/${encodeURIComponent(id)}/messages`, {
    limit: options.limit,
    after: options.after,
  })
  if (options.json) printJson(context.output, page)
  else
    for (const message of page.items)
      context.output.out(
        `${message.createdAt.slice(11, 19)} ${plain(message.author?.name ?? (message.role === 'agent' ? 'Agent' : 'Someone'))}: ${plain(message.text)}\n`,
      )
  return EXIT.ok
}
