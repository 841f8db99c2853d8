import pino, { type Logger } from 'pino'

/** Line-delimited JSON on stdout; LOG_LEVEL chooses how much. */
export const createLog = (name: string): Logger =>
  pino({ name, level: process.env.LOG_LEVEL ?? 'info', base: { name } })
