import { RuntimeError } from '../runtime'

const NO_CONNECTION = new Set(['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE', 'EACCES', 'EAGAIN'])

const field = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined

export const statusOf = (error: unknown): number | null => {
  const status = field(error, 'statusCode')
  return typeof status === 'number' ? status : null
}

/** What the engine said, without the client's own preamble. */
export const engineMessage = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .replace(/^\(HTTP code \d+\) [a-z ]+ - /, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 400)

export const isGone = (error: unknown): boolean => statusOf(error) === 404

/** Docker answers 409; Podman 500 with these words. */
export const isNameConflict = (error: unknown): boolean =>
  statusOf(error) === 409 || (statusOf(error) === 500 && /name .* is already in use/.test(engineMessage(error)))

export const isUnreachable = (error: unknown): boolean => {
  const code = field(error, 'code')
  return statusOf(error) === null && typeof code === 'string' && NO_CONNECTION.has(code)
}

/** The words of both engines for a missing init program. */
export const lacksInit = (error: unknown): boolean => /docker-init|catatonit|container-init/.test(engineMessage(error))

const CAUSES: [RegExp, ConstructorParameters<typeof RuntimeError>[0]][] = [
  [/no such image|image not known/i, 'image-missing'],
  [
    /could not select device driver|cdi|nvidia-container|libnvidia|unresolvable|no such device|stat \/dev\//i,
    'gpu-not-passed',
  ],
  [
    /executable file not found|no such file or directory|command .* not found|permission denied.*exec/i,
    'command-missing',
  ],
  [/bind source path does not exist|statfs .*no such/i, 'mount-missing'],
  [/minimum memory limit|invalid .*(memory|cpus)|range of cpus/i, 'invalid-spec'],
]

/** Why a container could not be made or started, as a stable code with the engine's words. */
export function startError(error: unknown, wantsGpu: boolean): RuntimeError {
  if (error instanceof RuntimeError) return error
  const message = engineMessage(error)
  if (isUnreachable(error))
    return new RuntimeError('engine-unavailable', `The container engine does not answer: ${message}`)
  const cause = CAUSES.find(([pattern, code]) => pattern.test(message) && (code !== 'gpu-not-passed' || wantsGpu))
  return new RuntimeError(cause?.[1] ?? 'start-failed', `The container engine refused it: ${message}`)
}
