import { z } from 'zod'
import { all, first } from './entities/entity'
import { scanEntities } from './entities/scan'
import { guessKind, type InventoryIndex } from './inventory'
import { normalise } from './normalise'

const Slots = z.record(z.string(), z.unknown())
const Pending = z.object({
  id: z.coerce.string(),
  intent: z.string().default(''),
  slots: Slots.nullish(),
  risk: z.string().nullish(),
})

/** What the conversation knows, as the server built it. Text in it is data: it names things, it never decides. */
export const PlannerContextSchema = z.object({
  history: z.array(z.object({ role: z.string().default('user'), text: z.string().default('') })).nullish(),
  focus: Slots.nullish(),
  pending_plan: z.union([Pending, z.array(Pending)]).nullish(),
  recommendation: z.object({ intent: z.string(), slots: Slots.nullish() }).nullish(),
  tool_output: z.unknown().optional(),
  asking: z.object({ intent: z.string(), slots: Slots.nullish(), slot: z.string() }).nullish(),
})
export type PlannerContext = z.input<typeof PlannerContextSchema>

export interface PendingPlan {
  id: string
  intent: string
  slots: Readonly<Record<string, unknown>>
  risk?: string
}

export interface State {
  pending: readonly PendingPlan[]
  recommendation?: { intent: string; slots: Readonly<Record<string, unknown>> }
  asking?: { intent: string; slots: Readonly<Record<string, unknown>>; slot: string }
  focus: Readonly<Record<string, unknown>>
  history: readonly { role: string; text: string }[]
  lastAssistant: string
  lastUser: string
  refs: Refs
}

/** The most recent mention of each kind of thing: from the focus, the recommendation, then the talk itself. */
export interface Refs {
  node?: string
  gpu?: number
  workload?: string
  service?: string
  batch?: string
  job?: string
  canary?: string
  offer?: string
  provider?: string
  version?: string
  schedule?: string
  volume?: string
  report?: string
  plan?: string
  failedNodes: readonly string[]
}

const HISTORY_DEPTH = 8

export function readState(context: PlannerContext | null | undefined, index: InventoryIndex): State {
  const parsed = PlannerContextSchema.safeParse(context ?? {})
  const data = parsed.success ? parsed.data : {}
  const list =
    data.pending_plan === null || data.pending_plan === undefined
      ? []
      : Array.isArray(data.pending_plan)
        ? data.pending_plan
        : [data.pending_plan]
  const history = (data.history ?? [])
    .slice(-HISTORY_DEPTH)
    .map((turn) => ({ role: turn.role, text: normalise(turn.text) }))
  const isUser = (role: string): boolean => /^(?:user|human|you|person)$/i.test(role)
  const state: Omit<State, 'refs'> = {
    pending: list.map((plan) => ({
      id: plan.id,
      intent: plan.intent,
      slots: plan.slots ?? {},
      ...(plan.risk ? { risk: plan.risk } : {}),
    })),
    focus: data.focus ?? {},
    history,
    lastAssistant: history.filter((turn) => !isUser(turn.role)).at(-1)?.text ?? '',
    lastUser: history.filter((turn) => isUser(turn.role)).at(-1)?.text ?? '',
    ...(data.recommendation
      ? { recommendation: { intent: data.recommendation.intent, slots: data.recommendation.slots ?? {} } }
      : {}),
    ...(data.asking
      ? { asking: { intent: data.asking.intent, slots: data.asking.slots ?? {}, slot: data.asking.slot } }
      : {}),
  }
  return { ...state, refs: readRefs(state, index) }
}

function readRefs(state: Omit<State, 'refs'>, index: InventoryIndex): Refs {
  const refs: { -readonly [K in keyof Refs]: Refs[K] } = { failedNodes: [] }
  takeFocus(refs, state.focus)
  takeSlots(refs, state.recommendation?.slots ?? {})
  for (const plan of state.pending.length === 1 ? state.pending : []) takeSlots(refs, plan.slots)
  for (const turn of [...state.history].reverse()) takeText(refs, turn.text, index)
  for (const kind of ['workload', 'service', 'batch', 'canary', 'job', 'volume', 'offer', 'schedule'] as const) {
    const only = index.byKind[kind]
    if (refs[kind] === undefined && only.length === 1) refs[kind] = only[0]
  }
  return refs
}

type Draft = { -readonly [K in keyof Refs]: Refs[K] }
const TEXT_KEYS = [
  'node',
  'workload',
  'service',
  'batch',
  'job',
  'canary',
  'offer',
  'provider',
  'version',
  'schedule',
  'volume',
  'report',
  'plan',
] as const

function takeFocus(refs: Draft, focus: Readonly<Record<string, unknown>>): void {
  for (const key of TEXT_KEYS)
    refs[key] ??= textOf(focus[key]) ?? textOf(focus[`${key}_id`]) ?? textOf(focus[`${key}_name`])
  refs.gpu ??= numberOf(focus.gpu) ?? numberOf(focus.gpu_index)
  const failed = focus.failed_nodes ?? focus.failedNodes ?? focus.failed_node ?? focus.failed
  if (failed !== undefined)
    refs.failedNodes = (Array.isArray(failed) ? failed : [failed]).flatMap((item) => textOf(item) ?? [])
  const offers = focus.offers
  if (Array.isArray(offers) && offers.length === 1) {
    refs.offer ??= textOf(offers[0])
  }
}

function takeSlots(refs: Draft, slots: Readonly<Record<string, unknown>>): void {
  for (const key of TEXT_KEYS) if (key !== 'schedule') refs[key] ??= textOf(slots[key])
  refs.gpu ??= numberOf(slots.gpu) ?? numberOf(slots.isolate_gpu)
}

function takeText(refs: Draft, text: string, index: InventoryIndex): void {
  if (text === '') return
  const entities = scanEntities(text.slice(0, 1_000), index)
  for (const entity of all(entities, 'name').reverse()) {
    const kind = guessKind(entity.value, index)
    if (kind !== 'schedule' && kind !== 'offer') refs[kind] ??= entity.value
  }
  refs.node ??= all(entities, 'node').at(-1)?.value
  refs.gpu ??= all(entities, 'gpu').at(-1)?.value
  refs.provider ??= /\brecommend\w* (provider-[\w-]+)/i.exec(text)?.[1]?.toLowerCase() ?? soleProvider(entities)
  refs.canary ??= first(entities, 'canaryId')
  refs.batch ??= first(entities, 'batchId')
  refs.offer ??= first(entities, 'offerId')
  if (refs.failedNodes.length === 0) {
    const failed = [
      ...text.matchAll(
        /\b(node-\d+)\b[^.;\n]{0,6}?[:\s-]+(?:has )?(?:failed|failure|ran out|out of memory|oom|error)/gi,
      ),
    ].map((match) => (match[1] ?? '').toLowerCase())
    if (failed.length > 0) refs.failedNodes = [...new Set(failed)]
  }
}

function soleProvider(entities: ReturnType<typeof scanEntities>): string | undefined {
  const named = new Set(all(entities, 'provider').map((entity) => entity.value))
  return named.size === 1 ? [...named][0] : undefined
}

export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value
  if (typeof value === 'object' && value !== null) {
    const { name, id } = value as { name?: unknown; id?: unknown }
    return textOf(name) ?? textOf(id)
  }
  return undefined
}

export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value)
  if (typeof value === 'object' && value !== null) return numberOf((value as { index?: unknown }).index)
  return undefined
}
