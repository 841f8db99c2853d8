import type { Tool } from '../../src/registry/define-tool'
import { listSecrets } from './list-secrets'
import { setConfig } from './set-config'
import { secretCreate, secretRotate } from './store-secret'

export const tools: readonly Tool[] = [secretCreate, secretRotate, listSecrets, setConfig]
