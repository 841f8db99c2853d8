import type { Tool } from '../../src/registry/define-tool'
import { secretDelete } from './delete-secret'
import { listSecrets } from './list-secrets'
import { setConfig } from './set-config'
import { secretCreate, secretRotate } from './store-secret'

export const tools: readonly Tool[] = [secretCreate, secretRotate, secretDelete, listSecrets, setConfig]
