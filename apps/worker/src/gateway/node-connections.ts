import type { GatewayToNode, NodeToGateway } from '@clawbernetes/protocol/node/session'
import type { Socket } from 'socket.io'

export type NodeSocket = Socket<NodeToGateway, GatewayToNode>

/** A proven connection of one node. */
export interface NodeConnection {
  /** socket.io's id: new for each connection. */
  id: string
  nodeId: string
  orgId: string
  nodeNum: number
  socket: NodeSocket
  /** Null until the node said hello; only then lists and commands go to it. */
  session: NodeSession | null
  lastHeardMs: number
  /** Assignment list that the node has confirmed, as `epoch:version`. */
  confirmed: string | null
  /** Commands that the node has confirmed on this connection. */
  confirmedCommands: Set<string>
  /** A push is under way: another one waits its turn. */
  pushing: Promise<void> | null
  pushAgain: boolean
}

/** What the hello told: how to read this node's samples. */
export interface NodeSession {
  machineBootId: string
  gpus: Map<string, { id: string; slot: number }>
  /** Last verdict per GPU UUID, to notice a change. */
  readability: Map<string, string>
}

/** The proven connections of this process, one per node. */
export class NodeConnections {
  readonly #byNode = new Map<string, NodeConnection>()

  /** The newest proven connection wins; the one that it replaces comes back. */
  add(connection: NodeConnection): NodeConnection | undefined {
    const before = this.#byNode.get(connection.nodeId)
    this.#byNode.set(connection.nodeId, connection)
    return before
  }

  remove(connection: NodeConnection): void {
    if (this.#byNode.get(connection.nodeId) === connection) this.#byNode.delete(connection.nodeId)
  }

  get(nodeId: string): NodeConnection | undefined {
    return this.#byNode.get(nodeId)
  }

  isCurrent(connection: NodeConnection): boolean {
    return this.#byNode.get(connection.nodeId) === connection
  }

  all(): NodeConnection[] {
    return [...this.#byNode.values()]
  }

  get size(): number {
    return this.#byNode.size
  }
}
