import { setTimeout as sleep } from 'node:timers/promises'
import { RuntimeError } from '../runtime'
import type { Engine } from './engine'
import { engineMessage, isGone, isUnreachable } from './engine-error'

const PROGRESS_MS = 1000

interface PullEvent {
  id?: string
  error?: string
  status?: string
  progressDetail?: { current?: number; total?: number }
}

/** An engine asked without a tag would fetch every tag there is. */
export const withTag = (image: string): string =>
  image.includes('@') || /:[^/]+$/.test(image) ? image : `${image}:latest`

/** The image is on this machine afterwards, pulled if need be; throws `image-missing` with the engine's words. */
export async function ensureImage(
  engine: Engine,
  image: string,
  signal: AbortSignal,
  onPulling: (progress: string) => void,
): Promise<void> {
  if (await hasImage(engine, image)) return
  if (image.startsWith('localhost/')) {
    throw new RuntimeError(
      'image-missing',
      `There is no image ${image} on this node, and a localhost image cannot be pulled.`,
    )
  }
  onPulling(`Pulling ${image}.`)
  try {
    await pull(engine, image, signal, onPulling)
  } catch (error) {
    if (isUnreachable(error) || signal.aborted) throw error
    throw new RuntimeError('image-missing', `${image} could not be pulled: ${engineMessage(error)}`)
  }
}

async function hasImage(engine: Engine, image: string): Promise<boolean> {
  try {
    await engine.docker.getImage(image).inspect()
    return true
  } catch (error) {
    if (isGone(error)) return false
    throw error
  }
}

async function pull(
  engine: Engine,
  image: string,
  signal: AbortSignal,
  onPulling: (progress: string) => void,
): Promise<void> {
  const stream = await engine.docker.pull(image, { abortSignal: signal })
  const layers = new Map<string, { current: number; total: number }>()
  let shownAtMs = 0
  await new Promise<void>((resolve, reject) => {
    const onProgress = (event: PullEvent) => {
      if (event.error) return reject(new Error(event.error))
      const { current, total } = event.progressDetail ?? {}
      if (event.id && current !== undefined && total) layers.set(event.id, { current, total })
      if (layers.size === 0 || Date.now() - shownAtMs < PROGRESS_MS) return
      shownAtMs = Date.now()
      onPulling(progressText(image, [...layers.values()]))
    }
    engine.docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()), onProgress)
  })
  // Podman ends the stream a moment before the image can be used by name.
  for (let look = 0; look < 10 && !(await hasImage(engine, image)); look += 1) await sleep(200, undefined, { signal })
  if (!(await hasImage(engine, image))) throw new Error('the pull ended, but the image is not there')
}

function progressText(image: string, layers: { current: number; total: number }[]): string {
  const mib = (pick: 'current' | 'total') =>
    Math.round(layers.reduce((sum, layer) => sum + layer[pick], 0) / 1024 / 1024)
  return `Pulling ${image}: ${mib('current')} of ${mib('total')} MiB in ${layers.length} layers.`
}
