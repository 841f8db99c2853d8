import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { proofText } from '@clawbernetes/protocol/node/session'
import * as z from 'zod'
import { readJson, writeJson } from './atomic-file'

const identityFile = z.object({
  nodeId: z.string().min(1),
  name: z.string(),
  organization: z.string(),
  gatewayUrl: z.string(),
  /** PKCS #8, PEM. Never leaves this machine. */
  privateKey: z.string(),
})
export type Identity = z.infer<typeof identityFile>

const identityPath = (stateDir: string) => join(stateDir, 'identity.json')

export const loadIdentity = (stateDir: string): Promise<Identity | null> =>
  readJson(identityPath(stateDir), identityFile)
export const saveIdentity = (stateDir: string, identity: Identity): Promise<void> =>
  writeJson(identityPath(stateDir), identity)

export interface KeyPair {
  /** PKCS #8, PEM. */
  privateKey: string
  /** SPKI, base64. */
  publicKey: string
}

export function makeKeyPair(): KeyPair {
  const pair = generateKeyPairSync('ed25519')
  return {
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: spki(pair.publicKey),
  }
}

const keyPath = (stateDir: string) => join(stateDir, 'key.json')

/** The identity holds the key from now on. */
export const forgetEnrolmentKey = (stateDir: string): Promise<void> => rm(keyPath(stateDir), { force: true })

const keyFile = z.object({ privateKey: z.string() })

/**
 * The key that enrolment offers. Kept on disk before it is offered, so that an answer lost on the way does not leave the
 * control plane with a key that nobody holds.
 */
export async function enrolmentKey(stateDir: string): Promise<KeyPair> {
  const path = keyPath(stateDir)
  const kept = await readJson(path, keyFile)
  if (kept) return { privateKey: kept.privateKey, publicKey: spki(createPublicKey(createPrivateKey(kept.privateKey))) }
  const pair = makeKeyPair()
  await writeJson(path, { privateKey: pair.privateKey })
  return pair
}

const spki = (key: KeyObject): string => key.export({ type: 'spki', format: 'der' }).toString('base64')

/** Signature that shows the gateway that this node holds its key, base64. */
export function signProof(identity: Pick<Identity, 'nodeId' | 'privateKey'>, nonce: string): string {
  return sign(
    null,
    Buffer.from(proofText(identity.nodeId, nonce), 'utf8'),
    createPrivateKey(identity.privateKey),
  ).toString('base64')
}
