import * as z from 'zod'
import { readTool, type ToolResult } from '../../src/registry/define-tool'
import { argWords, notYetTool } from '../../src/registry/not-yet-tool'
import { durationSlot, nameSlot, percentSlot, slugSlot, wordSlot } from '../../src/registry/slots'

const WHY = 'releases that split traffic between two versions are not part of this installation.'
const TODAY = 'A workload can be looked at, and a new version can run beside it as a workload of its own.'
const EXAMPLES = ['What is running?', 'Is there room for another 8b model?']

export const canaryStart = notYetTool({
  name: 'canary_start',
  skill: 'canary-release',
  title: 'Looked at a release',
  description:
    'Release a version of a service gradually beside the old one, with guards, or by a blue-green switch (strategy: blue_green).',
  input: z.object({
    service: slugSlot.optional(),
    version: wordSlot.optional(),
    image: z.string().max(300).optional(),
    initial_percent: percentSlot.optional(),
    steps: z.array(percentSlot).max(20).optional(),
    duration: durationSlot.optional(),
    auto_rollback: z.boolean().optional(),
    strategy: wordSlot.optional(),
  }),
  risk: 'medium',
  would: ({ service, version, ...rest }) =>
    `release ${version ?? 'a new version'} of ${service ?? 'a service'} gradually${argWords(rest)}.`,
  why: WHY,
  today: TODAY,
  examples: EXAMPLES,
})

export const canaryPromote = notYetTool({
  name: 'canary_promote',
  skill: 'canary-release',
  title: 'Looked at a promotion',
  description: 'Give a canary more traffic: its next step, or a percentage.',
  input: z.object({ canary: nameSlot.optional(), percent: percentSlot.optional(), duration: durationSlot.optional() }),
  risk: 'medium',
  would: (a) =>
    `give ${a.canary ?? 'the canary'} ${a.percent === undefined ? 'its next share of traffic' : `${a.percent} % of the traffic`}.`,
  why: WHY,
  today: TODAY,
  examples: EXAMPLES,
})

export const canaryPause = notYetTool({
  name: 'canary_pause',
  skill: 'canary-release',
  title: 'Looked at a pause',
  description: 'Hold a canary at its present share of traffic.',
  input: z.object({ canary: nameSlot.optional(), duration: durationSlot.optional() }),
  risk: 'medium',
  would: (a) => `hold ${a.canary ?? 'the canary'} where it is${a.duration ? ` for ${a.duration}` : ''}.`,
  why: WHY,
  today: TODAY,
  examples: EXAMPLES,
})

const output = z.object({ running: z.number(), canaries: z.array(z.object({ name: z.string() })) })

/** Nothing can start a canary here yet, so that none runs: that is a fact, and it is said as one. */
export const canaryStatus = readTool({
  kind: 'read',
  name: 'canary_status',
  skill: 'canary-release',
  version: 1,
  title: 'Checked canaries',
  description: 'How a gradual release is doing against the old version.',
  input: z.object({ canary: nameSlot.optional(), metric: wordSlot.optional() }),
  output,
  run: async (args): Promise<ToolResult<z.output<typeof output>>> => ({
    data: { running: 0, canaries: [] },
    say: `No canary runs${args.canary ? `, and I know none named ${args.canary}` : ''}. Gradual releases cannot be started in this installation yet.`,
    blocks: [],
  }),
})

export const tools = [canaryStart, canaryPromote, canaryPause, canaryStatus]
