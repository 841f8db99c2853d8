/** Postgres' deadlock and serialisation codes, and Prisma's name for both. */
const CONFLICTS = ['40P01', '40001', 'P2034']
const ATTEMPTS = 4

/** Runs a transaction again when the database chose it as the victim of a conflict: it had no effect. */
export async function withRetry<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction()
    } catch (error) {
      if (attempt >= ATTEMPTS || !isConflict(error)) throw error
    }
  }
}

function isConflict(error: unknown): boolean {
  const { code, message = '' } = error as { code?: string; message?: string }
  return CONFLICTS.some((known) => code === known || message.includes(known))
}
