import type { Tool } from '../../src/registry/define-tool'

/** None of its own: this skill teaches when to use `migrate_workload`, which stands in workload-manager. */
export const tools: readonly Tool[] = []
