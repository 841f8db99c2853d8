import type { Tool } from '../../src/registry/define-tool'
import { deployInference } from './deploy-inference'
import { listWorkloads } from './list-workloads'
import { logs } from './logs'
import { stopWorkload } from './stop-workload'
import { workloadStatus } from './workload-status'

export const tools: readonly Tool[] = [deployInference, listWorkloads, workloadStatus, logs, stopWorkload]
