import { createPublicKey, verify } from 'node:crypto'
import { proofText } from '@clawbernetes/protocol/node/session'
import type { SystemCtx } from '../context'
import { ServiceError } from '../errors'

export interface ProvenNode {
  nodeId: string
  orgId: string
  num: number
  name: string
}

/**
 * Checks the signature over a nonce that was made for this one connection. An unknown or removed node and a wrong
 * signature answer alike. `fatal`: the node was removed, or its key is not the one that joined; trying again is no help.
 */
export async function authenticateNode({
  sys,
  nodeId,
  nonce,
  signature,
}: {
  sys: SystemCtx
  nodeId: string
  nonce: string
  signature: string
}): Promise<ProvenNode> {
  const node = await sys.db.node.findFirst({
    where: { id: nodeId, removedAt: null },
    select: { id: true, orgId: true, num: true, name: true, publicKey: true },
  })
  const proven = node !== null && signatureFits(node.publicKey, proofText(nodeId, nonce), signature)
  if (!node || !proven)
    throw new ServiceError(
      'unauthenticated',
      'This node is not known here, or its key is not the one it joined with. Join again with a new token.',
      { reason: 'unproven' },
    )
  return { nodeId: node.id, orgId: node.orgId, num: node.num, name: node.name }
}

function signatureFits(publicKey: string, text: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}
