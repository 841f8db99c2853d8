import * as z from 'zod'

const atMs = z.number().int()

export const joinTokenState = z.enum(['active', 'used-up', 'expired', 'revoked'])
export const joinTokenView = z.object({
  id: z.string(),
  label: z.string(),
  /** Last characters, to tell tokens apart; the token itself cannot be shown again. */
  hint: z.string(),
  state: joinTokenState,
  uses: z.number().int(),
  maxUses: z.number().int(),
  demo: z.boolean(),
  createdAtMs: atMs,
  expiresAtMs: atMs,
  revokedAtMs: atMs.nullable(),
  lastUsedAtMs: atMs.nullable(),
  createdBy: z.object({ id: z.string(), name: z.string() }),
  /** Nodes that joined with it. */
  nodes: z.array(z.object({ id: z.string(), name: z.string() })),
})
export type JoinTokenView = z.infer<typeof joinTokenView>

/** The only answer that carries the token. */
export const createdJoinToken = z.object({ token: z.string(), joinToken: joinTokenView })
export type CreatedJoinToken = z.infer<typeof createdJoinToken>
