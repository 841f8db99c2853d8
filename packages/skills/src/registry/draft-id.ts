import { createHash } from 'node:crypto'
import { makeId } from '@clawbernetes/protocol/ids'

/** The id of a workload that a plan will create: fixed in the draft, so that every step and every retry names the same one. */
export const draftWorkloadId = (threadId: string | null, name: string, at: Date): string =>
  makeId(
    'workload',
    at.getTime(),
    createHash('sha256').update(`${threadId}\n${at.toISOString()}\n${name}`).digest().subarray(0, 10),
  )

/** Through JSON, so that what is stored and what was checked are the same. */
export const jsonArgs = (value: object): Record<string, never> => JSON.parse(JSON.stringify(value))

export const clip = (text: string, max: number): string => (text.length > max ? `${text.slice(0, max - 1)}…` : text)
