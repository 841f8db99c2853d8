import type { Tool } from '../../src/registry/define-tool'
import { deleteWorkload } from './delete-workload'
import { deployInference } from './deploy-inference'
import { listWorkloads } from './list-workloads'
import { logs } from './logs'
import { migrateWorkload } from './migrate-workload'
import { restartWorkload } from './restart-workload'
import { resumeWorkload } from './resume-workload'
import { stopWorkload } from './stop-workload'
import { workloadStatus } from './workload-status'

export const tools: readonly Tool[] = [
  deployInference,
  listWorkloads,
  workloadStatus,
  logs,
  stopWorkload,
  migrateWorkload,
  restartWorkload,
  resumeWorkload,
  deleteWorkload,
]
