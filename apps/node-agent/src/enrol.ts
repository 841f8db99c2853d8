import { ENROL_PATH, enrolResponse, type Refusal, refusal } from '@clawbernetes/protocol/node/session'
import { PRODUCT_VERSION, PROTOCOL_VERSION } from '@clawbernetes/protocol/version'
import type { AgentOptions } from './agent-options'
import { buildInventory } from './inventory/build-inventory'
import { privateFolder } from './state/atomic-file'
import { enrolmentKey, forgetEnrolmentKey, type Identity, loadIdentity, saveIdentity } from './state/identity'

const ENROL_TIMEOUT_MS = 20_000

/** The gateway said no, or could not be asked; `refusal.fatal` false: worth another try. */
export class EnrolError extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message)
  }
}

/**
 * Makes this machine a node: creates its key, spends the join token, keeps the identity. A state folder that already
 * holds an identity for this gateway is used as it is and spends nothing.
 */
export async function enrolNode(options: Omit<AgentOptions, 'log'>, token: string): Promise<Identity> {
  await privateFolder(options.stateDir)
  const known = await loadIdentity(options.stateDir)
  if (known?.gatewayUrl === options.gatewayUrl) return known
  if (known)
    throw new EnrolError({
      code: 'already-enrolled',
      message: `This state folder belongs to node ${known.name} of ${known.gatewayUrl}. Use another --state-dir, or remove ${options.stateDir} to join again.`,
      fatal: true,
    })
  const key = await enrolmentKey(options.stateDir)
  const inventory = await buildInventory(options)
  const answer = await post(options.gatewayUrl, {
    token,
    protocol: PROTOCOL_VERSION,
    agentVersion: PRODUCT_VERSION,
    publicKey: key.publicKey,
    inventory,
  })
  const identity = { ...answer, gatewayUrl: options.gatewayUrl, privateKey: key.privateKey }
  await saveIdentity(options.stateDir, identity)
  await forgetEnrolmentKey(options.stateDir)
  return identity
}

async function post(gatewayUrl: string, body: unknown) {
  const url = `${gatewayUrl.replace(/\/+$/, '')}${ENROL_PATH}`
  let response: Response
  let text: string
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(ENROL_TIMEOUT_MS),
    })
    text = (await response.text()).slice(0, 20_000)
  } catch (error) {
    throw new EnrolError({
      code: 'unreachable',
      message: `The gateway at ${url} cannot be reached: ${causeOf(error)}.`,
      fatal: false,
    })
  }
  const json = parseJson(text)
  const accepted = enrolResponse.safeParse(json)
  if (response.ok && accepted.success) return accepted.data
  throw new EnrolError(
    refusalIn(json) ?? {
      code: 'unexpected-answer',
      message: `The gateway at ${url} answered ${response.status} in a way this agent does not understand.`,
      fatal: response.status < 500,
    },
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** A refusal as the body itself or under `error`. */
export function refusalIn(json: unknown): Refusal | null {
  for (const candidate of [json, (json as { error?: unknown } | null)?.error]) {
    const parsed = refusal.safeParse(candidate)
    if (parsed.success) return parsed.data
  }
  return null
}

function causeOf(error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause
  return cause?.code ?? cause?.message ?? (error as Error).message
}
