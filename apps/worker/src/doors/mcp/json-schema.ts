import * as z from 'zod'

export type ObjectSchema = { type: 'object'; properties?: Record<string, object>; required?: string[] } & Record<
  string,
  unknown
>

/** JSON Schema of a tool's input or output, in the draft that clients know. Outputs that are no object are put into one. */
export function objectSchema(schema: z.ZodType, io: 'input' | 'output'): { schema: ObjectSchema; wrapped: boolean } {
  const { $schema: _, ...made } = z.toJSONSchema(schema, { io, target: 'draft-7', unrepresentable: 'any' })
  if (made.type === 'object') return { schema: made as ObjectSchema, wrapped: false }
  return { schema: { type: 'object', properties: { result: made }, required: ['result'] }, wrapped: true }
}
