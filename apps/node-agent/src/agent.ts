import { lockState } from './state/state-lock'
import { loadIdentity } from './state/identity'
import { privateFolder } from './state/atomic-file'
import type { Agent, AgentOptions } from './agent-options'
import { openStores } from './agent-stores'
import { RunningAgent } from './running-agent'

/** This state folder holds no identity: the machine has not joined. */
export class NotEnrolledError extends Error {}

/**
 * Starts an enrolled agent: it takes up what it was running, then connects. Everything goes on without the gateway; what
 * cannot be told now is kept, within bounds, and told later.
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { stateDir, driver } = options
  await privateFolder(stateDir)
  const unlock = await lockState(stateDir)
  try {
    const identity = await loadIdentity(stateDir)
    if (!identity) throw new NotEnrolledError(`${stateDir} holds no node identity. Join first.`)
    const stores = await openStores(stateDir, (await driver.facts()).bootId)
    const agent = new RunningAgent(options, { ...identity, gatewayUrl: options.gatewayUrl }, stores, unlock)
    await agent.start()
    return agent
  } catch (error) {
    unlock()
    throw error
  }
}
