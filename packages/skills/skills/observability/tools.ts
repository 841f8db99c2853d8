import type { Tool } from '../../src/registry/define-tool'
import { healthReport } from './health-report'
import { listAlerts } from './list-alerts'
import { scheduleReport, setAlert, shareReport } from './not-yet'

export const tools: readonly Tool[] = [healthReport, listAlerts, setAlert, scheduleReport, shareReport]
