import type { Tool } from '../../src/registry/define-tool'
import { diagnoseGpu } from './diagnose-gpu'

export const tools: readonly Tool[] = [diagnoseGpu]
