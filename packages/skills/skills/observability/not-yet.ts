import * as z from 'zod'
import { argWords, notYetTool } from '../../src/registry/not-yet-tool'
import { nameSlot, scheduleSlot, textSlot, wordSlot } from '../../src/registry/slots'

const EXAMPLES = ['How is the fleet doing?', 'What needs attention?']

export const setAlert = notYetTool({
  name: 'set_alert',
  skill: 'observability',
  title: 'Looked at an alert',
  description: 'Tell somebody when a metric passes a value.',
  input: z.object({
    metric: wordSlot.optional(),
    above: z.coerce.number().optional(),
    channel: nameSlot.optional(),
  }),
  risk: 'low',
  would: ({ metric, ...rest }) => `tell somebody about ${metric ?? 'something'}${argWords(rest)}.`,
  why: 'alert rules of your own are not part of this installation.',
  today:
    'The diagnosis rules watch heat, throttling, ECC, remapped rows, XID errors, hung and slow GPUs all the time; what they find stands under Attention.',
  examples: EXAMPLES,
})

export const scheduleReport = notYetTool({
  name: 'schedule_report',
  skill: 'observability',
  title: 'Looked at a regular report',
  description: 'Send a report regularly.',
  input: z.object({
    report: wordSlot.optional(),
    schedule: scheduleSlot.optional(),
  }),
  risk: 'low',
  would: ({ report, schedule }) =>
    `send the ${report ?? 'health'} report regularly${schedule === undefined ? '' : argWords({ schedule })}.`,
  why: 'regular reports are not part of this installation.',
  today: 'I can give you the report whenever you ask for it.',
  examples: ['Give me a daily health report', 'What did we spend this week?'],
})

export const shareReport = notYetTool({
  name: 'share_report',
  skill: 'observability',
  title: 'Looked at sharing',
  description: 'Share a report with people inside or outside.',
  input: z.object({
    report: nameSlot.optional(),
    channel: nameSlot.optional(),
    to: textSlot.optional(),
  }),
  risk: 'medium',
  would: ({ report, ...rest }) => `share the ${report ?? 'report'}${argWords(rest)}.`,
  why: 'shared, frozen reports are not part of this installation.',
  today: 'Members of the organisation see this conversation and its figures.',
  examples: ['Give me a daily health report'],
})
