import type { ChannelConnectionModel } from '@clawbernetes/db/rows'
import type { ChannelKind } from '@clawbernetes/protocol/views/channel'
import type { SystemCtx } from '../context'
import { ServiceError } from '../errors'
import { unseal } from '../secrets/seal'

/** A connection with its secrets open, for the door and the deliveries alone. */
export interface OpenConnection {
  id: string
  orgId: string
  kind: ChannelKind
  teamId: string | null
  teamName: string | null
  appId: string | null
  botUserId: string | null
  state: string
  approveRole: string
  token: string
  /** Slack's signing secret, or Discord's public key. */
  verifier: string
  pausedUntil: Date | null
}

/** The connections that a signed request may belong to: of a workspace, or of an application. The signature says which. */
export async function findConnections(
  sys: SystemCtx,
  input: { kind: ChannelKind; teamId?: string | null; appId?: string | null },
): Promise<OpenConnection[]> {
  const rows = await sys.db.channelConnection.findMany({
    where: {
      kind: input.kind,
      ...(input.teamId ? { teamId: input.teamId } : {}),
      ...(input.appId ? { appId: input.appId } : {}),
    },
    orderBy: { createdAt: 'asc' },
    take: 200,
  })
  // One whose secrets cannot be opened any more proves nothing, and must not stand in the way of the others.
  return rows.flatMap((row) => tryOpen(row) ?? [])
}

export async function readConnection(sys: SystemCtx, connectionId: string): Promise<OpenConnection | null> {
  const row = await sys.db.channelConnection.findUnique({ where: { id: connectionId } })
  return row ? openConnection(row) : null
}

/** null: sealed under another BETTER_AUTH_SECRET. */
export function tryOpen(row: ChannelConnectionModel): OpenConnection | null {
  try {
    return openConnection(row)
  } catch (error) {
    if (error instanceof ServiceError) return null
    throw error
  }
}

const openConnection = (row: ChannelConnectionModel): OpenConnection => ({
  id: row.id,
  orgId: row.orgId,
  kind: row.kind as ChannelKind,
  teamId: row.teamId,
  teamName: row.teamName,
  appId: row.appId,
  botUserId: row.botUserId,
  state: row.state,
  approveRole: row.approveRole,
  token: unseal(row.sealedToken),
  verifier: row.sealedSecret ? unseal(row.sealedSecret) : (row.publicKey ?? ''),
  pausedUntil: row.pausedUntil,
})
