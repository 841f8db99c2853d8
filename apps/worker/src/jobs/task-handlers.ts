import type { SystemCtx } from '@clawbernetes/services/context'
import type { Logger } from 'pino'
import { runAgent } from '../agent/run-agent'
import { askAgain } from '../agent/ask-again'
import { editPlan } from '../agent/edit-plan'
import { undoPlan } from '../agent/undo-plan'
import { runStep } from '../plans/run-step'
import type { TaskHandlers } from './run-jobs'

/** Every task of the queue and who does it. */
export const taskHandlers = (sys: SystemCtx, log: Logger): TaskHandlers => ({
  'plan-step': ({ stepId }) => runStep(sys, stepId),
  'agent-run': ({ runId }) => runAgent(sys, runId, log),
  'plan-undo': (payload) => undoPlan(sys, payload),
  'plan-again': (payload) => askAgain(sys, payload),
  'plan-edit': (payload) => editPlan(sys, payload),
})
