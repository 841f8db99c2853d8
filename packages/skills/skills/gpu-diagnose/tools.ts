import type { Tool } from '../../src/registry/define-tool'
import { diagnoseGpu } from './diagnose-gpu'
import { isolateGpu, returnGpu } from './isolate-gpu'

export const tools: readonly Tool[] = [diagnoseGpu, isolateGpu, returnGpu]
