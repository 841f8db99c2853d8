import { bellWaiter } from '@clawbernetes/services/log/bell-waiter'

/** What wakes the requests of this process that wait for something. */
export const { onBell, readUntil } = bellWaiter(() => process.env.DATABASE_URL ?? '')
