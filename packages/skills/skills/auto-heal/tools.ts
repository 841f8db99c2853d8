import * as z from 'zod'
import { argWords, notYetTool } from '../../src/registry/not-yet-tool'
import { countSlot, slugSlot, wordSlot } from '../../src/registry/slots'

export const healPolicy = notYetTool({
  name: 'heal_policy',
  skill: 'auto-heal',
  title: 'Looked at healing',
  description: 'Set what happens by itself when a workload fails: restart, move, or tell somebody, up to a limit.',
  input: z.object({
    workload: slugSlot.optional(),
    on: wordSlot.optional(),
    action: wordSlot.optional(),
    limit: countSlot.optional(),
  }),
  risk: 'medium',
  would: ({ workload, ...rest }) =>
    `set what happens by itself when ${workload ?? 'a workload'} fails${argWords(rest)}.`,
  why: 'healing rules that are kept and acted on are not part of this installation.',
  today: 'Each workload keeps the restart rule of its own plan, and what failed is listed with its reason.',
  examples: ['What is running?', 'What needs attention?'],
})

export const tools = [healPolicy]
