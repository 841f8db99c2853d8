import * as z from 'zod'
import { findingSeverity } from './finding'
import { nodeStatus } from './node'

const count = z.number().int().min(0)

/** One line of "Needs attention", worst first. */
export const attentionItem = z.object({
  /** Stable while the same thing is wrong. */
  key: z.string(),
  kind: z.enum(['finding', 'node-offline', 'node-incompatible', 'node-lost', 'gpu-missing', 'gpu-quarantined']),
  severity: findingSeverity,
  nodeId: z.string(),
  nodeName: z.string(),
  gpuId: z.string().nullable(),
  gpuIndex: z.number().int().nullable(),
  findingId: z.string().nullable(),
  title: z.string(),
  detail: z.string(),
  sinceMs: z.number().int(),
})
export type AttentionItem = z.infer<typeof attentionItem>

/** The numbers above the fleet's map. null: nothing reported that would tell. */
export const fleetSummary = z.object({
  nodes: z.object({
    total: count,
    byStatus: z.record(nodeStatus, count),
    /** Online with an open finding. */
    degraded: count,
    cordoned: count,
    demo: count,
  }),
  gpus: z.object({
    total: count,
    allocated: count,
    /** What a placement could take now: free, healthy, present, on an online node that is not cordoned. */
    free: count,
    quarantined: count,
    suspect: count,
    missing: count,
    /** On a node that does not report. */
    unreachable: count,
    byModel: z.array(z.object({ model: z.string(), total: count, allocated: count, free: count })),
  }),
  utilPct15m: z.number().nullable(),
  utilPctNow: z.number().nullable(),
  memUsedMib: z.number().nullable(),
  memTotalMib: z.number().nullable(),
  powerW: z.number().nullable(),
  maxTempC: z.number().nullable(),
  /** GPUs held by a workload that did less than 5 % over 15 minutes. */
  idleAllocated: z.object({
    gpus: count,
    workloads: z.array(z.object({ id: z.string(), name: z.string(), gpus: count })),
  }),
  attention: z.array(attentionItem),
  /** Open findings, nodes and GPUs in trouble together; `attention` holds the first 50. */
  attentionTotal: count,
  atMs: z.number().int(),
})
export type FleetSummary = z.infer<typeof fleetSummary>

/** Which GPU stands at which place of a frame. A frame is only read with the table of the same `version`. */
export const slotTable = z.object({
  version: z.string(),
  nodes: z.array(
    z.object({
      nodeId: z.string(),
      name: z.string(),
      status: nodeStatus,
      labels: z.record(z.string(), z.string()),
      cordoned: z.boolean(),
      demo: z.boolean(),
      /** First place of this node's GPUs in the frame; they follow in slot order. */
      offset: count,
      gpus: z.array(
        z.object({
          gpuId: z.string(),
          index: z.number().int(),
          model: z.string(),
          memoryMib: z.number().int().nullable(),
          /** Of the device itself: bins of temperature are shares of it. */
          slowdownTempC: z.number().nullable(),
        }),
      ),
    }),
  ),
  length: count,
})
export type SlotTable = z.infer<typeof slotTable>

/** How to read a frame's bytes stands apart: browsers that draw frames do without the schema library. */
export * from './frame-bytes'

const bytes = z.instanceof(Uint8Array)
/** All GPUs of an organisation at one moment, one byte per metric and GPU, place = slotTable. Travels as binary. */
export const fleetFrame = z.object({
  version: z.string(),
  atMs: z.number().int(),
  length: count,
  util: bytes,
  /** Share of the GPU's memory. */
  mem: bytes,
  temp: bytes,
  power: bytes,
  state: bytes,
})
export type FleetFrame = z.infer<typeof fleetFrame>
export type FrameMetric = 'util' | 'mem' | 'temp' | 'power' | 'state'
