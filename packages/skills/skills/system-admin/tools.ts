import type { Tool } from '../../src/registry/define-tool'
import { cordonNode } from './cordon-node'
import { drainNode } from './drain-node'
import { labelNode } from './label-node'
import { uncordonNode } from './uncordon-node'

export const tools: readonly Tool[] = [cordonNode, uncordonNode, drainNode, labelNode]
