import { router } from './init'
import { apiKeysRouter } from './routers/api-keys'
import { approvalsRouter } from './routers/approvals'
import { auditRouter } from './routers/audit'
import { channelsRouter } from './routers/channels'
import { chatRouter } from './routers/chat'
import { diagnosisRouter } from './routers/diagnosis'
import { fleetRouter } from './routers/fleet'
import { joinTokensRouter } from './routers/join-tokens'
import { membersRouter } from './routers/members'
import { plannerRouter } from './routers/planner'
import { plansRouter } from './routers/plans'
import { policyRouter } from './routers/policy'
import { secretsRouter } from './routers/secrets'
import { telemetryRouter } from './routers/telemetry'
import { workloadsRouter } from './routers/workloads'

export const appRouter = router({
  apiKeys: apiKeysRouter,
  approvals: approvalsRouter,
  audit: auditRouter,
  channels: channelsRouter,
  chat: chatRouter,
  diagnosis: diagnosisRouter,
  fleet: fleetRouter,
  joinTokens: joinTokensRouter,
  members: membersRouter,
  planner: plannerRouter,
  plans: plansRouter,
  policy: policyRouter,
  secrets: secretsRouter,
  telemetry: telemetryRouter,
  workloads: workloadsRouter,
})

export type AppRouter = typeof appRouter
