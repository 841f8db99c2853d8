import { tools as authRbac } from '../../skills/auth-rbac/tools'
import { tools as autoHeal } from '../../skills/auto-heal/tools'
import { tools as autoscaler } from '../../skills/autoscaler/tools'
import { tools as blueGreenDeploy } from '../../skills/blue-green-deploy/tools'
import { tools as canaryRelease } from '../../skills/canary-release/tools'
import { tools as clawbernetes } from '../../skills/clawbernetes/tools'
import { tools as costOptimize } from '../../skills/cost-optimize/tools'
import { tools as gpuCluster } from '../../skills/gpu-cluster/tools'
import { tools as gpuDiagnose } from '../../skills/gpu-diagnose/tools'
import { tools as incidentResponse } from '../../skills/incident-response/tools'
import { tools as jobScheduler } from '../../skills/job-scheduler/tools'
import { tools as moltMarketplace } from '../../skills/molt-marketplace/tools'
import { tools as networking } from '../../skills/networking/tools'
import { tools as observability } from '../../skills/observability/tools'
import { tools as secretsConfig } from '../../skills/secrets-config/tools'
import { tools as spotMigration } from '../../skills/spot-migration/tools'
import { tools as storage } from '../../skills/storage/tools'
import { tools as systemAdmin } from '../../skills/system-admin/tools'
import { tools as trainingJob } from '../../skills/training-job/tools'
import { tools as workloadManager } from '../../skills/workload-manager/tools'
import type { ReadTool, Tool, WriteTool } from './define-tool'

/** Every tool of every skill. */
const ALL: readonly Tool[] = [
  ...authRbac,
  ...autoHeal,
  ...autoscaler,
  ...blueGreenDeploy,
  ...canaryRelease,
  ...clawbernetes,
  ...costOptimize,
  ...gpuCluster,
  ...gpuDiagnose,
  ...incidentResponse,
  ...jobScheduler,
  ...moltMarketplace,
  ...networking,
  ...observability,
  ...secretsConfig,
  ...spotMigration,
  ...storage,
  ...systemAdmin,
  ...trainingJob,
  ...workloadManager,
]
const BY_NAME = new Map(ALL.map((tool) => [tool.name, tool]))

export const allTools = (): readonly Tool[] => ALL
export const findTool = (name: string): Tool | undefined => BY_NAME.get(name)
export const readTools = (): ReadTool[] => ALL.filter((t): t is ReadTool => t.kind === 'read')
export const writeTools = (): WriteTool[] => ALL.filter((t): t is WriteTool => t.kind === 'write')
