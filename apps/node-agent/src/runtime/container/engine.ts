import { stat } from 'node:fs/promises'
import path from 'node:path'
import Docker from 'dockerode'
import * as z from 'zod'

/** What is known of a container engine of this machine, also while it does not answer. */
export const engineFacts = z.object({
  kind: z.enum(['docker', 'podman']),
  version: z.string(),
  major: z.number(),
  socketPath: z.string(),
  /** Where Docker reads CDI specs; empty when it does not (before 25, or switched off). Podman always does, since 4. */
  cdiSpecDirs: z.array(z.string()),
  /** Podman told an out-of-memory kill in its state only from version 5 on; Docker always did. */
  tellsOom: z.boolean(),
})
export type EngineFacts = z.infer<typeof engineFacts>

export interface Engine extends EngineFacts {
  docker: Docker
}

export const openEngine = (facts: EngineFacts): Engine => ({
  ...facts,
  docker: new Docker({ socketPath: facts.socketPath, protocol: 'http' }),
})

const CONNECT_TIMEOUT_MS = 5000
const DEFAULT_CDI_DIRS = ['/etc/cdi', '/var/run/cdi']

const versionAnswer = z.object({
  Version: z.string(),
  Components: z.array(z.object({ Name: z.string(), Version: z.string() })).optional(),
})
const infoAnswer = z.object({ CDISpecDirs: z.array(z.string()).nullish() })

/** null when nothing answers there. */
export async function connectEngine(socketPath: string): Promise<Engine | null> {
  if (!(await isSocket(socketPath))) return null
  const docker = new Docker({ socketPath, protocol: 'http' })
  try {
    const answer = versionAnswer.parse(await withDeadline(docker.version(), CONNECT_TIMEOUT_MS))
    const podman = answer.Components?.find((component) => component.Name === 'Podman Engine')
    const version = podman?.Version ?? answer.Version
    const major = Number(/^\d+/.exec(version)?.[0] ?? 0)
    const info = podman ? null : infoAnswer.parse(await withDeadline(docker.info(), CONNECT_TIMEOUT_MS))
    return openEngine({
      kind: podman ? 'podman' : 'docker',
      version: version.slice(0, 60),
      major,
      socketPath,
      cdiSpecDirs: podman ? DEFAULT_CDI_DIRS : (info?.CDISpecDirs ?? []),
      tellsOom: !podman || major >= 5,
    })
  } catch {
    return null
  }
}

/** Sockets in the order they are tried: what the environment names, then system services, then those of this user. */
export function engineSockets(env: NodeJS.ProcessEnv, uid: number): string[] {
  const runDir = env['XDG_RUNTIME_DIR'] ?? `/run/user/${uid}`
  const named = [env['DOCKER_HOST'], env['CONTAINER_HOST']].flatMap((host) => unixSocketOf(host) ?? [])
  return [
    ...named,
    '/var/run/docker.sock',
    path.join(runDir, 'docker.sock'),
    '/run/podman/podman.sock',
    path.join(runDir, 'podman/podman.sock'),
  ].filter((socket, index, all) => all.indexOf(socket) === index)
}

/** Only engines of this very machine can be used: mounts, GPUs and cgroups are the machine's own. */
export const unixSocketOf = (host: string | undefined): string | null =>
  host?.startsWith('unix://') ? host.slice('unix://'.length) : null

async function isSocket(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isSocket()
  } catch {
    return false
  }
}

async function withDeadline<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    return await Promise.race([work, deadline])
  } finally {
    clearTimeout(timer)
  }
}
