import * as z from 'zod'
import { argWords, notYetTool } from '../../src/registry/not-yet-tool'
import { countSlot, slugSlot, wordSlot } from '../../src/registry/slots'

export const exposeService = notYetTool({
  name: 'expose_service',
  skill: 'networking',
  title: 'Looked at an address',
  description: 'Give a service an address, inside or public.',
  input: z.object({
    service: slugSlot.optional(),
    hostname: z.string().max(253).optional(),
    port: countSlot.max(65_535).optional(),
    scope: wordSlot.optional(),
  }),
  risk: 'medium',
  would: ({ service, ...rest }) => `give ${service ?? 'a service'} an address${argWords(rest)}.`,
  why: 'routes and certificates are not part of this installation.',
  today: 'The ports that workloads opened on their nodes can be listed.',
  examples: ['Which routes are there?', 'What is running?'],
})
