import { listWorkloads } from './list-workloads'
import { logs } from './logs'
import { stopWorkload } from './stop-workload'
import { workloadStatus } from './workload-status'

export const tools = [listWorkloads, workloadStatus, logs, stopWorkload]
