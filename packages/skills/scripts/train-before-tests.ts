import { fileURLToPath } from 'node:url'
import { buildModel } from '../src/training/build'

export default function setup(): void {
  buildModel(fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, ''))
}
