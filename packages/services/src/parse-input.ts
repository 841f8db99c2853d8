import type * as z from 'zod'
import { ServiceError } from './errors'

/** Parses at the edge of a verb; what does not fit is refused in one sentence that names the field. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue?.path.join('.')
  throw new ServiceError('invalid', `${where ? `${where}: ` : ''}${issue?.message ?? 'The input is not valid.'}`, {
    path: issue?.path.map(String) ?? [],
  })
}
