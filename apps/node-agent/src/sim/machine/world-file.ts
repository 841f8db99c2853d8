import * as z from 'zod'

/** What a fault does to the process on a GPU. */
export const processEffect = z.object({
  /**
   * dies, hangs: those that ran when it happened. memory-spike-…: any training whose activations are not recomputed, as
   * soon as it meets the long sequences. unusable: any process that touches the GPU.
   */
  kind: z.enum(['dies', 'hangs', 'memory-spike-dies', 'memory-spike-hangs', 'unusable']),
  atMs: z.number(),
  /** What the CUDA runtime tells the process; null: nothing. */
  message: z.string().nullable(),
})
export type ProcessEffect = z.infer<typeof processEffect>

/**
 * What the simulated machine tells the processes on it: the file `world.json` of the node, read by the processes every
 * second. It is their hardware.
 */
export const world = z.object({
  /** When it was last written: a process whose machine stays silent for long gives up. */
  atMs: z.number(),
  /** Simulated seconds per second. */
  timeScale: z.number().positive(),
  gpus: z.record(
    z.string(),
    z.object({
      index: z.number().int(),
      speed: z.number().min(0),
      memoryMib: z.number(),
      effects: z.array(processEffect),
    }),
  ),
})
export type World = z.infer<typeof world>
