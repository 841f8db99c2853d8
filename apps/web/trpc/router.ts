import { router } from './init'
import { approvalsRouter } from './routers/approvals'
import { joinTokensRouter } from './routers/join-tokens'
import { plansRouter } from './routers/plans'

export const appRouter = router({
  approvals: approvalsRouter,
  joinTokens: joinTokensRouter,
  plans: plansRouter,
})

export type AppRouter = typeof appRouter
