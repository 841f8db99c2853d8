import { createJoinToken } from '@clawbernetes/services/fleet/create-join-token'
import { type FleetWorld, fleetWorld, inventoryOf } from '@clawbernetes/services/fleet/testing/fleet-world'
import type { Inventory } from '@clawbernetes/protocol/node/inventory'
import { type Gateway, type GatewayTiming, startGateway } from '../start-gateway'
import { FakeNode } from './fake-node'

export interface GatewayWorld extends FleetWorld {
  gateway: Gateway
  /** What the gateway warned of. */
  warnings: string[]
  token(over?: { maxUses?: number; demo?: boolean; expiresInMinutes?: number }): Promise<{ token: string; id: string }>
  node(inventory?: Partial<Inventory>): FakeNode
  /** A node that has joined. */
  joined(inventory?: Partial<Inventory>): Promise<FakeNode>
  /** A node that has joined and is online. */
  online(inventory?: Partial<Inventory>): Promise<FakeNode>
  another(timing?: Partial<GatewayTiming>): Promise<Gateway>
}

export async function gatewayWorld(timing: Partial<GatewayTiming> = {}): Promise<GatewayWorld> {
  const world = await fleetWorld()
  const warnings: string[] = []
  const gateways: Gateway[] = []
  const nodes: FakeNode[] = []
  const log = {
    info: () => {},
    warn: (data: Record<string, unknown>, message: string) => void warnings.push(`${message} ${JSON.stringify(data)}`),
  }
  const another = async (given: Partial<GatewayTiming> = {}) => {
    const started = await startGateway({
      port: 0,
      host: '127.0.0.1',
      databaseUrl: world.url,
      log,
      timing: { ...timing, ...given },
    })
    gateways.push(started)
    return started
  }
  const gateway = await another()
  const token: GatewayWorld['token'] = async (over = {}) => {
    const { token: secret, joinToken } = await createJoinToken({
      ctx: world.ctx('admin'),
      input: { label: 'test', maxUses: 100, ...over },
    })
    return { token: secret, id: joinToken.id }
  }
  const node = (inventory: Partial<Inventory> = {}) => {
    const made = new FakeNode(gateway.port, inventoryOf(inventory))
    nodes.push(made)
    return made
  }
  const joined = async (inventory: Partial<Inventory> = {}) => {
    const made = node(inventory)
    const { status, body } = await made.enrol((await token({ demo: inventory.demo ?? false })).token)
    if (status !== 200) throw new Error(body.error?.message)
    return made
  }
  return {
    ...world,
    gateway,
    warnings,
    token,
    node,
    joined,
    online: async (inventory) => {
      const made = await joined(inventory)
      await made.connect()
      return made
    },
    another,
    close: async () => {
      for (const made of nodes) made.close()
      await Promise.all(gateways.map((started) => started.stop()))
      await world.close()
    },
  }
}
