import { tools as clawbernetes } from '../../skills/clawbernetes/tools'
import { tools as gpuCluster } from '../../skills/gpu-cluster/tools'
import { tools as jobScheduler } from '../../skills/job-scheduler/tools'
import { tools as observability } from '../../skills/observability/tools'
import { deployTraining } from '../../skills/training-job/tools'
import { tools as workloadManager } from '../../skills/workload-manager/tools'
import type { ReadTool, Tool, WriteTool } from './define-tool'

const ALL: readonly Tool[] = [
  ...clawbernetes,
  ...gpuCluster,
  ...workloadManager,
  ...observability,
  ...jobScheduler,
  deployTraining,
]
const BY_NAME = new Map(ALL.map((tool) => [tool.name, tool]))

export const allTools = (): readonly Tool[] => ALL
export const findTool = (name: string): Tool | undefined => BY_NAME.get(name)
export const readTools = (): ReadTool[] => ALL.filter((t): t is ReadTool => t.kind === 'read')
export const writeTools = (): WriteTool[] => ALL.filter((t): t is WriteTool => t.kind === 'write')
