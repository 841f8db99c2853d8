import { createHash } from 'node:crypto'
import { digestText } from '@clawbernetes/domain/plans/digest-text'
import type { PlanContent } from '@clawbernetes/protocol/plans/content'

/** sha256, hex. What an approval names to say exactly what it approves. */
export const planDigest = (
  orgId: string,
  planNumber: number,
  revision: number,
  content: PlanContent,
  policyVersion: number,
): string =>
  createHash('sha256')
    .update(digestText(orgId, planNumber, revision, content, policyVersion))
    .digest('hex')

export const planLabel = (number: number): string => `PL-${number}`
