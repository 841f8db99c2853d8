import * as z from 'zod'
import { notYetTool } from '../../src/registry/not-yet-tool'
import { nameSlot, slugSlot, wordSlot } from '../../src/registry/slots'

export const rollback = notYetTool({
  name: 'rollback',
  skill: 'blue-green-deploy',
  title: 'Looked at a rollback',
  description: 'Put a service back on the version before, or on a named one.',
  input: z.object({
    service: slugSlot.optional(),
    canary: nameSlot.optional(),
    version: wordSlot.optional(),
  }),
  risk: 'medium',
  would: (a) => `put ${a.service ?? a.canary ?? 'the service'} back on ${a.version ?? 'the version before'}.`,
  why: 'versions of a service with shared traffic are not part of this installation.',
  today: 'A plan that was carried out can be undone from its card where the card says so.',
  examples: ['What was changed today?', 'What is running?'],
})

export const tools = [rollback]
