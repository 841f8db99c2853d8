import * as z from 'zod'
import { argWords, notYetTool } from '../../src/registry/not-yet-tool'
import {
  countSlot,
  nameSlot,
  nodeSlot,
  nodesSlot,
  pathSlot,
  scheduleSlot,
  slugSlot,
  wordSlot,
} from '../../src/registry/slots'

export const retryBatch = notYetTool({
  name: 'retry_batch',
  skill: 'job-scheduler',
  title: 'Looked at a retry',
  description:
    'Run the failed part of a batch again, on the same or another node, with a smaller batch size, or skip it.',
  input: z.object({
    batch: nameSlot.optional(),
    node: nodeSlot.optional(),
    nodes: nodesSlot.optional(),
    batch_size: countSlot.optional(),
    batch_size_factor: z.coerce.number().positive().max(100).optional(),
    lower_batch_size: z.boolean().optional(),
    to_node: nodeSlot.optional(),
    skip: z.boolean().optional(),
  }),
  risk: 'medium',
  would: ({ batch, skip, ...rest }) =>
    skip
      ? `leave out what failed of ${batch ?? 'the batch'}${argWords(rest)}.`
      : `run the failed part of ${batch ?? 'the batch'} again${argWords(rest)}.`,
  why: 'retrying only the failed nodes of a batch is not part of this installation.',
  today: 'The same command can be run again on the nodes that you name; say it with the command between backticks.',
  examples: ['What failed?', 'run `nvidia-smi -L` on every node'],
})

export const scheduleCron = notYetTool({
  name: 'schedule_cron',
  skill: 'job-scheduler',
  title: 'Looked at a schedule',
  description: 'Do something regularly: checkpoint a workload, run a job, back up a path.',
  input: z.object({
    action: wordSlot.optional(),
    schedule: scheduleSlot.optional(),
    workload: slugSlot.optional(),
    job: nameSlot.optional(),
    path: pathSlot.optional(),
    update: z.boolean().optional(),
  }),
  risk: 'low',
  would: ({ action, workload, job, ...rest }) =>
    `${action ?? 'run'} ${workload ?? job ?? 'something'} regularly${argWords(rest)}.`,
  why: 'schedules are not part of this installation.',
  today: 'A training saves checkpoints by itself, and on its stop; a job can be run once, on any nodes, at any time.',
  examples: ['What is running?', 'run `nvidia-smi -L` on every node'],
})

export const scheduleDelete = notYetTool({
  name: 'schedule_delete',
  skill: 'job-scheduler',
  title: 'Looked at a schedule',
  description: 'Remove a schedule.',
  input: z.object({
    action: wordSlot.optional(),
    schedule: z.union([scheduleSlot, nameSlot]).optional(),
    job: nameSlot.optional(),
  }),
  risk: 'low',
  would: ({ action, job, schedule }) =>
    `stop ${[job, action].filter(Boolean).join(' ') || 'something'} from being done regularly${schedule === undefined ? '' : argWords({ schedule })}.`,
  why: 'schedules are not part of this installation, so that there is none to remove.',
  today: 'Whatever runs now can be listed and stopped.',
  examples: ['What is running?'],
})
