import * as z from 'zod'
import { command, commandResult } from './commands'
import { inventory } from './inventory'
import { assignments, logBatch, replicaStatus } from './replica'
import { healthEvent, telemetryBatch } from './telemetry'

/** Path of the socket.io endpoint and of the enrolment call on the gateway. */
export const AGENTS_PATH = '/agents'
export const ENROL_PATH = '/enrol'
/** The largest message the gateway takes; a larger one closes the connection. */
export const MAX_MESSAGE_BYTES = 2 * 1024 * 1024
/** How long a node may take to prove its key after connecting. */
export const PROVE_TIMEOUT_MS = 10_000

/** POST /enrol. The token is shown once to a person; the key stays on the node. */
export const enrolRequest = z.object({
  token: z.string().min(8).max(200),
  protocol: z.number().int().min(0),
  agentVersion: z.string().max(40),
  /** Ed25519 public key, SPKI, base64. */
  publicKey: z.string().max(200),
  inventory,
})
export type EnrolRequest = z.infer<typeof enrolRequest>

export const enrolResponse = z.object({ nodeId: z.string(), name: z.string(), organization: z.string() })
export type EnrolResponse = z.infer<typeof enrolResponse>

/** socket.io handshake `auth`. */
export const connectAuth = z.object({
  nodeId: z.string().max(40),
  protocol: z.number().int(),
  agentVersion: z.string().max(40),
})
export type ConnectAuth = z.infer<typeof connectAuth>

/** What the node signs with its key: fresh for every connection, bound to the node and this purpose. */
export const proofText = (nodeId: string, nonce: string): string => `clawbernetes-node-proof\n${nodeId}\n${nonce}`
export const challenge = z.object({ nonce: z.string().min(16).max(200) })
/** Ed25519 signature over proofText, base64. */
export const proof = z.object({ signature: z.string().max(200) })

/** First message after the proof. Everything the control plane needs to agree with the node about what is. */
export const hello = z.object({
  protocol: z.number().int(),
  agentVersion: z.string().max(40),
  /** New for every start of the agent process. */
  agentBootId: z.string().max(80),
  /** The highest epoch this node has accepted. */
  epoch: z.number().int().min(0),
  inventory,
  replicas: z.array(replicaStatus).max(512),
  /** Results of journaled commands that were not acknowledged yet. */
  results: z.array(commandResult).max(256),
})
export type Hello = z.infer<typeof hello>

export const welcome = z.object({
  name: z.string(),
  epoch: z.number().int(),
  sampleIntervalMs: z.number().int().min(250),
  assignments,
})
export type Welcome = z.infer<typeof welcome>

/** A refusal in words for a person, with a code for the agent. `fatal`: reconnecting will not help until somebody acts. */
export const refusal = z.object({ code: z.string(), message: z.string(), fatal: z.boolean() })
export type Refusal = z.infer<typeof refusal>

export type Ack<T> = { ok: true; data: T } | { ok: false; error: Refusal }
export type AckFn<T> = (answer: Ack<T>) => void

/** Messages from node to gateway, each with its schema; every one is acknowledged after it is stored. */
export const nodeMessages = {
  prove: proof,
  hello,
  telemetry: telemetryBatch,
  'replica-status': z.object({ statuses: z.array(replicaStatus).min(1).max(256) }),
  logs: logBatch,
  'health-events': z.object({ events: z.array(healthEvent).min(1).max(256) }),
  'command-result': commandResult,
  inventory,
} as const
export type NodeMessageName = keyof typeof nodeMessages
export type NodeMessage<K extends NodeMessageName> = z.infer<(typeof nodeMessages)[K]>

/** Messages from gateway to node. `refused` comes before the gateway closes. */
export const gatewayMessages = { challenge, assignments, command, refused: refusal } as const

/** socket.io event maps. */
export interface NodeToGateway {
  prove: (m: z.infer<typeof proof>, ack: AckFn<null>) => void
  hello: (m: Hello, ack: AckFn<Welcome>) => void
  telemetry: (m: NodeMessage<'telemetry'>, ack: AckFn<{ seq: number }>) => void
  'replica-status': (m: NodeMessage<'replica-status'>, ack: AckFn<null>) => void
  logs: (m: NodeMessage<'logs'>, ack: AckFn<null>) => void
  'health-events': (m: NodeMessage<'health-events'>, ack: AckFn<null>) => void
  'command-result': (m: NodeMessage<'command-result'>, ack: AckFn<null>) => void
  inventory: (m: NodeMessage<'inventory'>, ack: AckFn<null>) => void
}
export interface GatewayToNode {
  challenge: (m: z.infer<typeof challenge>) => void
  assignments: (m: z.infer<typeof assignments>, ack: AckFn<null>) => void
  command: (m: z.infer<typeof command>, ack: AckFn<null>) => void
  refused: (m: Refusal) => void
}
