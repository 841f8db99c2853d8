import * as z from 'zod'
import { argWords, notYetTool } from '../../src/registry/not-yet-tool'
import { countSlot, percentSlot, slugSlot, wordSlot } from '../../src/registry/slots'

const WHY = 'services behind a balanced address are not part of this installation.'
const TODAY = 'What runs and how busy its GPUs are can be read today, and any workload can be stopped.'
const EXAMPLES = ['What is running?', 'Which GPUs are free?']

const scaleInput = z.object({
  service: slugSlot.optional(),
  replicas: countSlot.optional(),
  delta: z.coerce.number().int().min(-1000).max(1000).optional(),
  factor: z.coerce.number().positive().max(1000).optional(),
  direction: z.enum(['up', 'down']).optional(),
})

export const scaleService = notYetTool({
  name: 'scale_service',
  skill: 'autoscaler',
  title: 'Looked at scaling',
  description: 'Give a service more or fewer replicas, to an absolute number, by a difference or by a factor.',
  input: scaleInput,
  risk: 'medium',
  would: (a) => {
    const to =
      a.replicas !== undefined
        ? ` to ${a.replicas} replica${a.replicas === 1 ? '' : 's'}`
        : a.delta !== undefined
          ? ` by ${a.delta > 0 ? '+' : ''}${a.delta} replicas`
          : a.factor !== undefined
            ? ` to ${a.factor} times its replicas`
            : a.direction
              ? ` ${a.direction}`
              : ''
    return `scale ${a.service ?? 'a service'}${to}.`
  },
  why: WHY,
  today: TODAY,
  examples: EXAMPLES,
})

const policyInput = z.object({
  service: slugSlot.optional(),
  min: countSlot.optional(),
  max: countSlot.optional(),
  metric: wordSlot.optional(),
  target: z.union([percentSlot, z.coerce.number().min(0)]).optional(),
})

export const autoscalePolicy = notYetTool({
  name: 'autoscale_policy',
  skill: 'autoscaler',
  title: 'Looked at autoscaling',
  description: 'Let a service scale itself between a minimum and a maximum of replicas by a metric and its target.',
  input: policyInput,
  risk: 'medium',
  would: ({ service, ...rest }) => `let ${service ?? 'a service'} scale itself${argWords(rest)}.`,
  why: WHY,
  today: TODAY,
  examples: EXAMPLES,
})

export const tools = [scaleService, autoscalePolicy]
