import * as z from 'zod'
import { ROLES } from './permissions'

/** The rules themselves stand apart from the schema: browsers that only ask `can` do without the schema library. */
export * from './permissions'
export const role = z.enum(ROLES)
