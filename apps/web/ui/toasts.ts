import { whenReachable } from './when-reachable'

/** Toasts are seldom: what draws them loads with the first one. */
export const loadToasts = whenReachable(() => import('sonner'))
