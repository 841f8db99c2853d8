import { listFindings, listFindingsInput } from '@clawbernetes/services/diagnosis/list-findings'
import { orgProcedure, router } from '../init'

export const diagnosisRouter = router({
  findings: orgProcedure.input(listFindingsInput).query(({ ctx, input }) => listFindings({ ctx: ctx.call, input })),
})
