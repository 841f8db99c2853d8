import { slugText } from '@clawbernetes/protocol/text'
import * as z from 'zod'

/** Slots that several tools share, in the conventions of the agent's design: what a planner may hand over, and no more. */
export const slugSlot = slugText
/** One name or several. */
export const slugsSlot = z.union([slugText, z.array(slugText).min(1).max(50)])
export const nodeSlot = slugText.describe('name of a node, e.g. node-03')
export const nodesSlot = z
  .union([z.literal('all'), slugText, z.array(slugText).max(200)])
  .describe('"all", one node or a list of nodes')
export const gpuSlot = z.coerce.number().int().min(0).max(63).describe('index of the GPU on its node, from 0')
export const nameSlot = z.string().trim().min(1).max(120)
export const modelSlot = z.string().max(80).describe('lower-case kebab, e.g. llama-3-8b')
export const wordSlot = z.string().trim().min(1).max(60)
export const textSlot = z.string().max(300)
export const pathSlot = z.string().max(400)
export const countSlot = z.coerce.number().int().min(0).max(10_000)
export const gpuCountSlot = z.union([z.literal('all'), z.coerce.number().int().min(1).max(10_000)])
export const percentSlot = z.coerce.number().min(0).max(100).describe('percent as a number')
export const usdSlot = z.coerce.number().min(0).max(1_000_000).describe('US dollars as a number')
export const durationSlot = z
  .string()
  .max(60)
  .regex(
    /^P(?=.)(?:\d+(?:\.\d+)?Y)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?W)?(?:\d+(?:\.\d+)?D)?(?:T(?=.)(?:\d+(?:\.\d+)?H)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?S)?)?$/,
    'A duration such as PT2H is needed.',
  )
  .describe('ISO 8601 duration, e.g. PT4H')
export const scheduleSlot = z
  .union([z.object({ every: durationSlot }).strict(), z.object({ cron: z.string().max(100) }).strict()])
  .describe('{every: "PT2H"} or {cron: "0 2 * * *"}')
export const windowSlot = z
  .object({
    start: z.string().max(20).optional(),
    end: z.string().max(20).optional(),
    days: z.union([z.string().max(60), z.array(z.string().max(20)).max(7)]).optional(),
  })
  .strict()
  .describe('{start: "08:00", end: "18:00", days}')
export const whenSlot = z.string().max(80).describe('in words, e.g. tonight, or an ISO 8601 duration')
