import { fileURLToPath } from 'node:url'
import { buildModel } from '../src/training/build'

export function setup(): void {
  buildModel(fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, ''))
}
