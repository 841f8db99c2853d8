import { executionRows } from '@clawbernetes/worker/bench/execution.ts'

export const rows = () => executionRows(process.argv.includes('--quick'))
