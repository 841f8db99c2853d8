import { liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import * as z from 'zod'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'

const output = z.object({
  schedules: z.array(z.object({ name: z.string() })),
  checkpointing: z.array(z.object({ workload: z.string(), dir: z.string() })),
})
type Output = z.output<typeof output>

/** Nothing can be scheduled here yet; what trainings save by themselves is real and is said apart. */
export const listSchedules = readTool({
  kind: 'read',
  name: 'list_schedules',
  skill: 'job-scheduler',
  version: 1,
  title: 'Looked at schedules',
  description: 'What is done regularly, and which trainings save checkpoints by themselves.',
  input: z.object({}),
  output,
  run: async (_, { ctx }: ToolContext): Promise<ToolResult<Output>> => {
    const checkpointing = (await liveWorkloads({ ctx, input: {} })).flatMap((w) =>
      w.spec.checkpoint ? [{ workload: w.name, dir: w.spec.checkpoint.dir }] : [],
    )
    const data: Output = { schedules: [], checkpointing }
    return {
      data,
      say: `There are no schedules: they are not part of this installation yet. ${
        checkpointing.length === 0
          ? 'No running workload saves checkpoints by itself either.'
          : `By itself ${checkpointing
              .slice(0, 4)
              .map((c) => `${c.workload} saves to ${c.dir}`)
              .join(', ')}${checkpointing.length > 4 ? ' and others' : ''}.`
      }`,
      blocks: [],
    }
  },
})
