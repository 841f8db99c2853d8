import type { Tool } from '../../src/registry/define-tool'
import { costReport } from './cost-report'

export const tools: readonly Tool[] = [costReport]
