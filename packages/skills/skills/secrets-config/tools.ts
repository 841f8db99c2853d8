import type { Tool } from '../../src/registry/define-tool'
import { setConfig } from './set-config'

export const tools: readonly Tool[] = [setConfig]
