import { capacityCheck } from './capacity-check'
import { listGpus } from './list-gpus'
import { listNodes } from './list-nodes'

export const tools = [listNodes, listGpus, capacityCheck]
