import { router } from './init'
import { approvalsRouter } from './routers/approvals'
import { auditRouter } from './routers/audit'
import { chatRouter } from './routers/chat'
import { joinTokensRouter } from './routers/join-tokens'
import { plansRouter } from './routers/plans'

export const appRouter = router({
  approvals: approvalsRouter,
  audit: auditRouter,
  chat: chatRouter,
  joinTokens: joinTokensRouter,
  plans: plansRouter,
})

export type AppRouter = typeof appRouter
