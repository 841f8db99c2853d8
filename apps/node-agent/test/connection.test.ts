import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { enrolNode } from '../src/enrol'
import { loadIdentity, makeKeyPair, saveIdentity } from '../src/state/identity'
import { StateInUseError } from '../src/state/state-lock'
import { startAgent } from '../src/agent'
import { TOKEN } from './fake-gateway'
import { Rig } from './rig'
import { waitFor } from './wait-for'

let rig: Rig
beforeEach(() => {
  rig = new Rig()
})
afterEach(() => rig.close())

describe('joining', () => {
  it('makes its key on the node and keeps it to itself', async () => {
    await rig.gateway.start()
    const identity = await enrolNode(rig.options(), TOKEN)
    const path = join(rig.folder, 'state/identity.json')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(rig.folder, 'state')).mode & 0o777).toBe(0o700)
    expect(readFileSync(path, 'utf8')).toContain('PRIVATE KEY')
    expect(rig.gateway.keys.get(identity.nodeId)).not.toContain('PRIVATE')
  })

  it('spends no second token when it is told to join again', async () => {
    await rig.gateway.start()
    const first = await enrolNode(rig.options(), TOKEN)
    expect((await enrolNode(rig.options(), 'cw_another_token')).nodeId).toBe(first.nodeId)
    expect(rig.gateway.keys.size).toBe(1)
  })

  it('offers the same key again when the answer was lost', async () => {
    await rig.gateway.start()
    const url = rig.gateway.url
    await expect(enrolNode(rig.options({ gatewayUrl: 'http://127.0.0.1:1' }), TOKEN)).rejects.toMatchObject({
      refusal: { code: 'unreachable', fatal: false },
    })
    const kept = JSON.parse(readFileSync(join(rig.folder, 'state/key.json'), 'utf8'))
    const identity = await enrolNode(rig.options({ gatewayUrl: url }), TOKEN)
    expect(identity.privateKey).toBe(kept.privateKey)
  })

  it('says what the gateway said about a wrong token, and keeps no identity', async () => {
    await rig.gateway.start()
    await expect(enrolNode(rig.options(), 'cw_wrong_token')).rejects.toMatchObject({
      refusal: { code: 'token-invalid', fatal: true },
    })
    expect(await loadIdentity(join(rig.folder, 'state'))).toBeNull()
  })
})

describe('the connection', () => {
  it('proves the key on every connection, with a fresh challenge', async () => {
    const agent = await rig.online()
    for (const socket of rig.gateway.sockets) socket.disconnect(true)
    await waitFor('a second hello', () => rig.gateway.hellos.length === 2)
    await waitFor('online again', () => agent.online())
    expect(rig.gateway.proofs).toEqual({ good: 2, bad: 0 })
    expect(new Set(rig.gateway.hellos.map((h) => h.agentBootId)).size).toBe(1)
  })

  it('comes to nothing with a key that is not the enrolled one', async () => {
    await rig.gateway.start()
    const identity = await enrolNode(rig.options(), TOKEN)
    await saveIdentity(join(rig.folder, 'state'), { ...identity, privateKey: makeKeyPair().privateKey })
    rig.agent = await startAgent(rig.options())
    await waitFor('three refused proofs', () => rig.gateway.proofs.bad >= 3)
    expect(rig.agent.online()).toBe(false)
    expect(rig.gateway.hellos).toHaveLength(0)
  })

  it('finds a gateway again that was away', async () => {
    const agent = await rig.online()
    await rig.gateway.stop()
    await waitFor('offline', () => !agent.online())
    await rig.gateway.start()
    await waitFor('online again', () => agent.online())
  })

  it('stops for good and says why when the refusal is fatal; what it knows stays on disk', async () => {
    rig.gateway.turnAway = { code: 'node-removed', message: 'This node was removed from the fleet.', fatal: true }
    const agent = await rig.start()
    expect(await agent.ended).toEqual({ code: 'node-removed', message: 'This node was removed from the fleet.' })
    expect(await loadIdentity(join(rig.folder, 'state'))).not.toBeNull()
  })

  it('goes on trying when the refusal is not fatal', async () => {
    rig.gateway.turnAway = { code: 'busy', message: 'Later.', fatal: false }
    const agent = await rig.start()
    await waitFor('a try', () => rig.gateway.proofs.good === 0 && !agent.online())
    rig.gateway.turnAway = null
    await waitFor('online', () => agent.online(), 15_000)
  })

  it('refuses a second agent on the same state folder', async () => {
    await rig.online()
    await expect(startAgent(rig.options())).rejects.toBeInstanceOf(StateInUseError)
  })

  it('answers a malformed or absurdly large message with a refusal and goes on', async () => {
    const agent = await rig.online()
    const malformed = { ok: false, error: { code: 'malformed', fatal: false } }
    expect(await rig.gateway.emit('assignments', { epoch: 'one', version: {}, list: null })).toMatchObject(malformed)
    expect(await rig.gateway.emit('assignments', 'x'.repeat(5_000_000))).toMatchObject(malformed)
    expect(
      await rig.gateway.emit('command', { id: 'c', epoch: 1, expiresAtMs: 1, body: { kind: 'run-shell', line: 'id' } }),
    ).toMatchObject(malformed)
    const many = Array.from({ length: 513 }, (_, i) => ({ replicaId: `rep_${i}` }))
    expect(await rig.gateway.emit('assignments', { epoch: 1, version: 9, list: many })).toMatchObject(malformed)
    expect(agent.online()).toBe(true)
    expect(rig.gateway.malformed).toEqual([])
  })
})
