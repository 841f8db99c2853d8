import type { Tool } from '../../src/registry/define-tool'

export const tools: readonly Tool[] = []
