import * as z from 'zod'
import { readTool, type ToolResult } from '../../src/registry/define-tool'
import { argWords, notYetTool } from '../../src/registry/not-yet-tool'
import {
  countSlot,
  durationSlot,
  gpuCountSlot,
  nameSlot,
  percentSlot,
  usdSlot,
  whenSlot,
  windowSlot,
  wordSlot,
} from '../../src/registry/slots'

const WHY = 'the marketplace is not connected to this installation.'
const TODAY = 'I can say what is free, what your own GPUs cost an hour, and what stood idle.'
const EXAMPLES = ['Which GPUs are free?', 'What did we spend this week?']

const searchOutput = z.object({ connected: z.literal(false), offers: z.array(z.object({ name: z.string() })) })
/** There is no market to search, so that the answer is empty and says why: no price is made up. */
export const marketSearch = readTool({
  kind: 'read',
  name: 'market_search',
  skill: 'molt-marketplace',
  version: 1,
  title: 'Looked for offers',
  description: 'Offers of GPU capacity on the marketplace.',
  input: z.object({
    gpu_type: wordSlot.optional(),
    gpus: gpuCountSlot.optional(),
    duration: durationSlot.optional(),
    when: whenSlot.optional(),
    max_price: usdSlot.optional(),
    min_reputation: percentSlot.optional(),
  }),
  output: searchOutput,
  run: async (args): Promise<ToolResult<z.output<typeof searchOutput>>> => ({
    data: { connected: false, offers: [] },
    say: `I have no offers${argWords(args)}: ${WHY} ${TODAY}`,
    blocks: choices(),
  }),
})

const statusOutput = z.object({ connected: z.literal(false), offers: z.number(), leases: z.number() })
export const marketStatus = readTool({
  kind: 'read',
  name: 'market_status',
  skill: 'molt-marketplace',
  version: 1,
  title: 'Checked the marketplace',
  description: 'Own offers, leases, earnings and going prices.',
  input: z.object({
    metric: wordSlot.optional(),
    period: whenSlot.optional(),
    gpu_type: wordSlot.optional(),
    estimate: z.boolean().optional(),
  }),
  output: statusOutput,
  run: async (args): Promise<ToolResult<z.output<typeof statusOutput>>> => ({
    data: { connected: false, offers: 0, leases: 0 },
    say: `You have no offers and no leases: ${WHY}${args.estimate || args.metric ? ' So I know no prices or earnings, and I do not estimate them.' : ''} ${TODAY}`,
    blocks: choices(),
  }),
})

const choices = () => [
  {
    type: 'choice' as const,
    question: 'What works today',
    options: EXAMPLES.map((text) => ({ label: text, send: text })),
  },
]

export const marketOfferCreate = notYetTool({
  name: 'market_offer_create',
  skill: 'molt-marketplace',
  title: 'Looked at an offer',
  description: 'Offer own GPUs on the marketplace in a daily window, at a price per GPU-hour.',
  input: z.object({
    gpus: gpuCountSlot.optional(),
    gpu_type: wordSlot.optional(),
    window: windowSlot.optional(),
    price_per_gpu_hour: usdSlot.optional(),
    min_price: usdSlot.optional(),
    offer: nameSlot.optional(),
    update: z.boolean().optional(),
  }),
  risk: 'high',
  would: (a) => `offer ${a.update ? 'capacity differently' : 'capacity'} on the marketplace${argWords(a)}.`,
  why: WHY,
  today: TODAY,
  examples: EXAMPLES,
})

export const marketOfferCancel = notYetTool({
  name: 'market_offer_cancel',
  skill: 'molt-marketplace',
  title: 'Looked at an offer',
  description: 'Withdraw an offer.',
  input: z.object({ offer: nameSlot.optional(), when: whenSlot.optional() }),
  risk: 'high',
  would: (a) => `withdraw ${a.offer ?? 'the offer'}${a.when ? ` ${a.when}` : ''}.`,
  why: `${WHY.slice(0, -1)}, and nothing of yours is offered.`,
  today: TODAY,
  examples: EXAMPLES,
})

export const marketBid = notYetTool({
  name: 'market_bid',
  skill: 'molt-marketplace',
  title: 'Looked at a bid',
  description: 'Bid for capacity of a provider: a firm wish to buy.',
  input: z.object({
    provider: nameSlot.optional(),
    gpus: gpuCountSlot.optional(),
    hours: countSlot.optional(),
    price: usdSlot.optional(),
    strategy: wordSlot.optional(),
  }),
  risk: 'high',
  would: (a) => `bid for capacity${argWords(a)}.`,
  why: WHY,
  today: TODAY,
  examples: EXAMPLES,
})

export const tools = [marketSearch, marketStatus, marketOfferCreate, marketOfferCancel, marketBid]
