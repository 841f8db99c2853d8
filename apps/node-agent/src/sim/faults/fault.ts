import * as z from 'zod'
import { XID_CODES } from './xid-lines'

/** Faults that somebody can switch on and off, and what each needs to know. */
export const FAULT_KINDS = {
  'thermal-throttle': { target: 'gpu', text: 'a blocked fan: the GPU gets hot and the hardware cuts its clocks' },
  'ecc-growth': { target: 'gpu', text: 'corrected memory errors keep growing; now and then a row is remapped' },
  xid: { target: 'gpu', text: 'the driver logs an XID (--code) with what it does to the work' },
  'hung-context': {
    target: 'gpu',
    text: 'a launch fails after memory ran out: utilisation 0, memory held, process alive',
  },
  'gpu-lost': { target: 'gpu', text: 'the GPU falls off the bus' },
  oom: { target: 'gpu', text: 'a training process needs more memory than the GPU has and ends' },
  'node-silent': { target: 'node', text: 'the node is cut off from the control plane; its work goes on' },
  'node-gone': { target: 'node', text: 'the machine loses power; it boots again when the fault is switched off' },
} as const satisfies Record<string, { target: 'gpu' | 'node'; text: string }>
export type FaultKind = keyof typeof FAULT_KINDS

const faultKind = z.enum(Object.keys(FAULT_KINDS) as [FaultKind, ...FaultKind[]])

export const fault = z.object({
  kind: faultKind,
  node: z.string(),
  /** Slot of the GPU; null for faults of the whole node. */
  gpu: z.number().int().min(0).nullable(),
  /** XID number; null for every other kind. */
  code: z.number().int().nullable(),
  sinceMs: z.number(),
})
export type Fault = z.infer<typeof fault>

export const faultRequest = z.object({
  kind: z.string(),
  node: z.string().optional(),
  gpu: z.number().int().optional(),
  code: z.number().int().optional(),
})
export type FaultRequest = z.infer<typeof faultRequest>

export const sameTarget = (a: Fault, b: Fault): boolean =>
  a.kind === b.kind && a.node === b.node && a.gpu === b.gpu && a.code === b.code

/** A wish that cannot be met, in words for the person who typed it. */
export class FaultError extends Error {}

/** Checks a request against the fleet that is there. */
export function parseFault(request: FaultRequest, fleet: ReadonlyMap<string, number>, nowMs: number): Fault {
  const kind = faultKind.safeParse(request.kind)
  if (!kind.success)
    throw new FaultError(`There is no fault "${request.kind}". Known: ${Object.keys(FAULT_KINDS).join(', ')}.`)
  if (request.node === undefined)
    throw new FaultError(`Say which node: --node ${fleet.keys().next().value ?? 'node-01'}.`)
  const gpus = fleet.get(request.node)
  if (gpus === undefined)
    throw new FaultError(`There is no node "${request.node}" in this fleet. Known: ${shortList([...fleet.keys()])}.`)
  const base = { kind: kind.data, node: request.node, sinceMs: nowMs }
  if (FAULT_KINDS[kind.data].target === 'node') {
    if (request.gpu !== undefined) throw new FaultError(`${kind.data} is a fault of the whole node: leave --gpu out.`)
    return { ...base, gpu: null, code: null }
  }
  if (request.gpu === undefined) throw new FaultError(`Say which GPU: --gpu 0 to ${gpus - 1}.`)
  if (gpus === 0) throw new FaultError(`${request.node} has no GPU.`)
  if (request.gpu < 0 || request.gpu >= gpus)
    throw new FaultError(`${request.node} has no GPU ${request.gpu}: it has 0 to ${gpus - 1}.`)
  if (kind.data !== 'xid') return { ...base, gpu: request.gpu, code: null }
  if (request.code === undefined) throw new FaultError(`Say which XID: --code, one of ${XID_CODES.join(', ')}.`)
  if (!XID_CODES.includes(request.code))
    throw new FaultError(`XID ${request.code} is not simulated. Known: ${XID_CODES.join(', ')}.`)
  return { ...base, gpu: request.gpu, code: request.code }
}

const shortList = (names: string[]): string =>
  names.length <= 12 ? names.join(', ') : `${names.slice(0, 10).join(', ')} … ${names.at(-1)}`
