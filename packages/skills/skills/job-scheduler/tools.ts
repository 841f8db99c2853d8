import { runBatch } from './run-batch'

export const tools = [runBatch]
