import { countNewAudit, countNewAuditInput } from '@clawbernetes/services/log/count-new-audit'
import { listAudit, listAuditInput } from '@clawbernetes/services/log/list-audit'
import { verifyAudit } from '@clawbernetes/services/log/verify-audit'
import * as z from 'zod'
import { orgProcedure, router } from '../init'

export const auditRouter = router({
  /** Paged by position: the cursor is the sequence number to go on below. */
  list: orgProcedure
    .input(listAuditInput.omit({ before: true }).extend({ cursor: z.number().int().nullish() }))
    .query(({ ctx, input: { cursor, ...input } }) =>
      listAudit({ ctx: ctx.call, input: { ...input, before: cursor ?? null } }),
    ),
  countNew: orgProcedure.input(countNewAuditInput).query(({ ctx, input }) => countNewAudit({ ctx: ctx.call, input })),
  verify: orgProcedure.query(({ ctx }) => verifyAudit({ ctx: ctx.call })),
})
