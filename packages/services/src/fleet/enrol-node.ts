import { createPublicKey } from 'node:crypto'
import type { JoinTokenModel, Prisma } from '@clawbernetes/db/rows'
import { type EnrolRequest, type EnrolResponse, enrolRequest } from '@clawbernetes/protocol/node/session'
import { incompatibility } from '@clawbernetes/protocol/version'
import { newId, type SystemCtx, systemActor, type Tx } from '../context'
import { ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { applyInventory } from './apply-inventory'
import { hashJoinToken } from './join-token-secret'
import { recordNodeEvent } from './record-node-event'

/**
 * Spends one use of a join token and makes the machine a node of the token's organisation. The same key with the same
 * token again finds the node that it made: an answer that was lost costs nothing.
 */
export async function enrolNode({ sys, input }: { sys: SystemCtx; input: unknown }): Promise<EnrolResponse> {
  const request = parseInput(enrolRequest, input)
  const why = incompatibility(request.protocol)
  if (why) throw new ServiceError('invalid', why, { reason: 'incompatible' })
  requireEd25519(request.publicKey)
  return sys.db.$transaction(async (tx) => {
    const token = await tx.joinToken.findUnique({ where: { tokenHash: hashJoinToken(request.token) } })
    if (!token)
      throw new ServiceError('unauthenticated', 'This join token is not known. Make a new one under Connect a node.', {
        reason: 'unknown-token',
      })
    const organization = await tx.organization.findUniqueOrThrow({ where: { id: token.orgId }, select: { name: true } })
    // Two enrolments with one key wait for each other here; so do two that want the same name.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('enrol'), hashtext(${token.orgId}))`
    const known = await tx.node.findFirst({ where: { publicKey: request.publicKey, removedAt: null } })
    if (known) {
      if (known.joinTokenId !== token.id)
        throw new ServiceError('conflict', 'This key already belongs to a node.', { reason: 'key-taken' })
      return { nodeId: known.id, name: known.name, organization: organization.name }
    }
    await spend(tx, sys, token, request)
    const node = await createNode(tx, sys, token, request)
    return { nodeId: node.id, name: node.name, organization: organization.name }
  })
}

function requireEd25519(publicKey: string): void {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    if (key.asymmetricKeyType === 'ed25519') return
  } catch {
    // Answered below: not a key at all.
  }
  throw new ServiceError('invalid', 'The public key must be an Ed25519 key (SPKI, base64).', { reason: 'bad-key' })
}

/** One compare-and-set: of two that want the last use, one gets it. */
async function spend(tx: Tx, sys: SystemCtx, token: JoinTokenModel, request: EnrolRequest): Promise<void> {
  const now = sys.now()
  if (token.revokedAt) throw new ServiceError('forbidden', 'This join token was revoked.', { reason: 'revoked-token' })
  if (token.expiresAt <= now)
    throw new ServiceError('expired', 'This join token has expired. Make a new one under Connect a node.', {
      reason: 'expired-token',
    })
  if (token.demo !== request.inventory.demo)
    throw new ServiceError(
      'forbidden',
      token.demo ? 'This join token is for simulated nodes only.' : 'Simulated nodes need a join token for demo nodes.',
      { reason: 'demo-mismatch' },
    )
  const spent = await tx.$executeRaw`
    update join_token set uses = uses + 1, last_used_at = ${now}
    where id = ${token.id} and uses < max_uses and revoked_at is null and expires_at > ${now}`
  if (spent !== 1)
    throw new ServiceError(
      'forbidden',
      `This join token was made for ${token.maxUses} ${token.maxUses === 1 ? 'node' : 'nodes'} and is used up.`,
      { reason: 'used-up-token' },
    )
}

async function createNode(tx: Tx, sys: SystemCtx, token: JoinTokenModel, request: EnrolRequest) {
  const { inventory } = request
  const now = sys.now()
  const node = await tx.node.create({
    data: {
      id: newId('node', now),
      orgId: token.orgId,
      name: await freeName(tx, token.orgId, inventory.name),
      publicKey: request.publicKey,
      agentVersion: request.agentVersion,
      protocol: request.protocol,
      demo: token.demo,
      inventory: inventory as unknown as Prisma.InputJsonObject,
      labels: inventory.labels,
      cpuCores: inventory.cpuCores,
      memoryMib: inventory.memoryMib,
      joinTokenId: token.id,
      joinedAt: now,
    },
  })
  await applyInventory(tx, sys, node, inventory)
  await recordNodeEvent(tx, node, { kind: 'node.upserted', entityId: node.id, entityVersion: node.version })
  await appendAudit(tx, systemActor(sys, token.orgId, 'gateway'), 'node.enrol', node.id, {
    name: node.name,
    joinTokenId: token.id,
    hostname: inventory.hostname,
  })
  return node
}

/** The suggested name, or the first of name-2, name-3 … that the organisation does not have. */
async function freeName(tx: Tx, orgId: string, wanted: string): Promise<string> {
  const stem = wanted.slice(0, 58).replace(/[-.]+$/, '')
  const rows = await tx.node.findMany({ where: { orgId, name: { startsWith: stem } }, select: { name: true } })
  const taken = new Set(rows.map((row) => row.name))
  if (!taken.has(wanted)) return wanted
  let n = 2
  while (taken.has(`${stem}-${n}`)) n++
  return `${stem}-${n}`
}
