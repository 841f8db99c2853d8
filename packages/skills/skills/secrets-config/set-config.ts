import * as z from 'zod'
import { notYetTool } from '../../src/registry/not-yet-tool'
import { slugSlot, textSlot, wordSlot } from '../../src/registry/slots'

/** The value is checked and then not repeated: a pasted secret must not come back in an answer. */
export const setConfig = notYetTool({
  name: 'set_config',
  skill: 'secrets-config',
  title: 'Looked at a setting',
  description: 'Change an environment variable of a workload.',
  input: z.object({
    workload: slugSlot.optional(),
    key: wordSlot.optional(),
    value: z.union([textSlot, z.number(), z.boolean()]).optional(),
  }),
  risk: 'medium',
  would: (a) => `set ${a.key ?? 'a setting'} of ${a.workload ?? 'a workload'}.`,
  why: 'settings of a workload that runs cannot be changed in this installation.',
  today: 'A workload can be stopped and started anew with other arguments.',
  examples: ['What is running?'],
})
