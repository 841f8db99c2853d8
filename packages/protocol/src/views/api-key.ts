import type { ApiScope } from '../permissions'

export interface ApiKeyView {
  id: string
  name: string
  /** Last characters, to tell keys apart; the key itself cannot be shown again. */
  hint: string
  scopes: ApiScope[]
  state: 'active' | 'expired' | 'revoked'
  owner: { id: string; name: string }
  /** Of the person who asks. */
  mine: boolean
  createdAt: string
  expiresAt: string | null
  lastUsedAt: string | null
  revokedAt: string | null
  /** Made by a plan and not picked up yet: until then its owner can see it once. Null: there is nothing to pick up. */
  pickUpUntil: string | null
}

/** The only answer that carries the key. */
export interface CreatedApiKey {
  token: string
  apiKey: ApiKeyView
}
