import { existsSync, readdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { runTool } from '../machine/run-tool'
import { type Finding, fail, ok, skip, warn } from './finding'

const ASK_TIMEOUT_MS = 4_000

export interface EngineSeen {
  socketPath: string
  /** null: the socket is there, but nothing answers. */
  kind: 'docker' | 'podman' | null
  version: string | null
}

/** Container engines by their sockets, asked for their version. */
export async function enginesSeen(sockets = defaultSockets()): Promise<EngineSeen[]> {
  const present = sockets.filter((socketPath) => existsSync(socketPath))
  return Promise.all(
    present.map(async (socketPath) => ({
      socketPath,
      ...((await askVersion(socketPath)) ?? { kind: null, version: null }),
    })),
  )
}

function defaultSockets(): string[] {
  const uid = process.getuid?.() ?? 0
  return [
    '/var/run/docker.sock',
    '/run/podman/podman.sock',
    `/run/user/${uid}/docker.sock`,
    `/run/user/${uid}/podman/podman.sock`,
  ]
}

function askVersion(socketPath: string): Promise<{ kind: 'docker' | 'podman'; version: string } | null> {
  return new Promise((resolve) => {
    const call = request({ socketPath, path: '/version', timeout: ASK_TIMEOUT_MS }, (response) => {
      let body = ''
      response.on('data', (part) => {
        body += part
      })
      response.on('end', () => {
        try {
          const answer = JSON.parse(body) as { Version?: string; Components?: { Name?: string }[] }
          const kind = JSON.stringify(answer.Components ?? '').includes('Podman') ? 'podman' : 'docker'
          resolve(answer.Version ? { kind, version: answer.Version } : null)
        } catch {
          resolve(null)
        }
      })
    })
    call.on('timeout', () => call.destroy())
    call.on('error', () => resolve(null))
    call.end()
  })
}

export function engine(seen: EngineSeen[]): Finding {
  const answering = seen.filter((e) => e.kind !== null)
  const [first] = answering
  if (first) return ok('engine', `${answering.map((e) => `${e.kind} ${e.version}`).join(', ')} at ${first.socketPath}`)
  const [silent] = seen
  if (silent)
    return fail(
      'engine',
      `${silent.socketPath} is there, but nothing answers, or this user may not ask.`,
      'systemctl start docker   (or run the agent as a user of the group "docker")',
    )
  return warn(
    'engine',
    'No container engine: only plain processes can run here.',
    'apt-get install -y docker.io   (or: apt-get install -y podman && systemctl enable --now podman.socket)',
  )
}

/** How containers get a GPU: CDI files for newer engines, NVIDIA's runtime for older ones. */
export async function gpuForContainers(
  hasNvidia: boolean,
  seen: EngineSeen[],
  cdiFolders = ['/etc/cdi', '/var/run/cdi'],
): Promise<Finding> {
  if (!hasNvidia || !seen.some((e) => e.kind !== null))
    return skip('gpu-containers', 'Needs an NVIDIA GPU and a container engine.')
  const specs = cdiFolders.flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => /\.(?:ya?ml|json)$/.test(name))
          .map((name) => join(folder, name))
      : [],
  )
  const toolkit = await runTool('nvidia-ctk', ['--version'], 10_000)
  if (toolkit.missing)
    return fail(
      'gpu-containers',
      'The NVIDIA container toolkit is missing: containers start without their GPU.',
      'apt-get install -y nvidia-container-toolkit && nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml',
    )
  if (specs.length > 0) return ok('gpu-containers', `CDI devices in ${specs.join(', ')}`)
  const runtime = await runTool('nvidia-container-runtime', ['--version'], 10_000)
  const old = seen.every((e) => e.kind !== 'docker' || Number(e.version?.split('.')[0]) < 25)
  if (!runtime.missing && old)
    return warn(
      'gpu-containers',
      'No CDI file; Docker hands GPUs over through NVIDIA’s runtime.',
      'nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml',
    )
  return fail(
    'gpu-containers',
    'There is no CDI file for NVIDIA GPUs: containers start without their GPU.',
    'nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml',
  )
}
