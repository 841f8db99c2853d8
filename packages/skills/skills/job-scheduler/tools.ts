import type { Tool } from '../../src/registry/define-tool'
import { batchStatus } from './batch-status'
import { listSchedules } from './list-schedules'
import { retryBatch, scheduleCron, scheduleDelete } from './not-yet'
import { runBatch } from './run-batch'

export const tools: readonly Tool[] = [runBatch, batchStatus, listSchedules, retryBatch, scheduleCron, scheduleDelete]
