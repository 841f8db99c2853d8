import * as z from 'zod'

const id = z.string().regex(/^\d{1,22}$/)

/** An interaction of Discord, as far as we read it. */
export const interaction = z.object({
  id,
  application_id: id,
  type: z.number().int(),
  token: z.string().max(400).default(''),
  guild_id: id.optional(),
  channel_id: id.optional(),
  channel: z.object({ type: z.number().int() }).optional(),
  member: z
    .object({ user: z.object({ id, username: z.string().max(80), global_name: z.string().max(80).nullish() }) })
    .optional(),
  message: z.object({ id, flags: z.number().int().default(0) }).optional(),
  data: z
    .object({
      name: z.string().max(60).optional(),
      custom_id: z.string().max(100).optional(),
      options: z
        .array(
          z.object({
            name: z.string().max(60),
            options: z.array(z.object({ name: z.string().max(60), value: z.unknown() })).default([]),
          }),
        )
        .optional(),
      /** Of a dialogue: rows with one field each. */
      components: z
        .array(z.object({ components: z.array(z.object({ custom_id: z.string(), value: z.string() })).default([]) }))
        .optional(),
    })
    .optional(),
})
export type Interaction = z.output<typeof interaction>
