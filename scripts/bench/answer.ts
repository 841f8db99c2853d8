import { answerRows } from '@clawbernetes/worker/bench/answer.ts'

export const rows = () => answerRows(process.argv.includes('--quick'))
