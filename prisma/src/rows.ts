export { Prisma } from './generated/prisma/client'
export type * from './generated/prisma/models'
export * from './generated/prisma/enums'
