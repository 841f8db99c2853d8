import { Prisma } from '@clawbernetes/db/rows'

/** Whether a statement failed because a row with that unique key is there already, told by Prisma (P2002) or in raw SQL. */
export const alreadyExists = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError &&
  (error.code === 'P2002' || (error.code === 'P2010' && error.message.includes('23505')))
