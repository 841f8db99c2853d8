import type { SystemCtx } from '@clawbernetes/services/context'
import type { Logger } from 'pino'
import { runAgent } from '../agent/run-agent'
import { channelHandlers } from '../channels/channel-handlers'
import { askAgain } from '../agent/ask-again'
import { draftPlan } from '../agent/draft-plan'
import { editPlan } from '../agent/edit-plan'
import { undoPlan } from '../agent/undo-plan'
import { runStep } from '../plans/run-step'
import type { TaskHandlers } from './run-jobs'

/** Every task of the queue and who does it. */
export const taskHandlers = (sys: SystemCtx, log: Logger): TaskHandlers => ({
  'plan-step': ({ stepId }) => runStep(sys, stepId),
  'agent-run': ({ runId }) => runAgent(sys, runId, log),
  'plan-undo': (payload) => undoPlan(sys, payload),
  'plan-draft': (payload) => draftPlan(sys, payload),
  'plan-again': (payload) => askAgain(sys, payload),
  // Loaded when it is needed: the providers' libraries are large.
  'planner-test': async ({ testId }) => (await import('../agent/llm/test-connection')).testConnection(sys, testId),
  'plan-edit': (payload) => editPlan(sys, payload),
  ...channelHandlers(sys),
})
