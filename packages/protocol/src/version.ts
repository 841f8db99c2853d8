/** The node protocol's version: raised when a message changes in a way that an older side would misread. */
export const PROTOCOL_VERSION = 1
/** The oldest node agent this gateway still talks to. */
export const OLDEST_PROTOCOL_VERSION = 1
export const PRODUCT_VERSION = '0.1.0'

/** Why a peer with this protocol version can't be talked to, in words for a person; null when it can. */
export function incompatibility(peerVersion: number): string | null {
  if (peerVersion > PROTOCOL_VERSION)
    return `The node agent speaks protocol ${peerVersion}, this installation speaks ${PROTOCOL_VERSION}. Update the installation, or install the agent that it serves.`
  if (peerVersion < OLDEST_PROTOCOL_VERSION)
    return `The node agent speaks protocol ${peerVersion}, this installation needs at least ${OLDEST_PROTOCOL_VERSION}. Install the agent that it serves again.`
  return null
}
