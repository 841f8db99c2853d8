import { liveRows } from '@clawbernetes/worker/bench/live.ts'

export const rows = () => liveRows(process.argv.includes('--quick'))
