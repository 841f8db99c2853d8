import * as z from 'zod'
import { notYetTool } from '../../src/registry/not-yet-tool'
import { nameSlot, nodeSlot, wordSlot } from '../../src/registry/slots'

const WHY = 'volumes of their own are not part of this installation.'
const TODAY = 'Workloads mount paths that exist on the nodes; those can be listed.'
const EXAMPLES = ['Which volumes are there?']

export const createVolume = notYetTool({
  name: 'create_volume',
  skill: 'storage',
  title: 'Looked at a volume',
  description: 'Create a volume of a size, on a node or anywhere.',
  input: z.object({ name: nameSlot.optional(), size: wordSlot.optional(), node: nodeSlot.optional() }),
  risk: 'low',
  would: (a) =>
    `create a volume${a.name ? ` named ${a.name}` : ''}${a.size ? ` of ${a.size}` : ''}${a.node ? ` on ${a.node}` : ''}.`,
  why: WHY,
  today: TODAY,
  examples: EXAMPLES,
})

export const snapshotVolume = notYetTool({
  name: 'snapshot_volume',
  skill: 'storage',
  title: 'Looked at a snapshot',
  description: 'Take a snapshot of a volume.',
  input: z.object({ volume: nameSlot.optional() }),
  risk: 'low',
  would: (a) => `take a snapshot of ${a.volume ?? 'a volume'}.`,
  why: WHY,
  today: TODAY,
  examples: EXAMPLES,
})

export const deleteVolume = notYetTool({
  name: 'delete_volume',
  skill: 'storage',
  title: 'Looked at a volume',
  description: 'Delete a volume with its data.',
  input: z.object({ volume: nameSlot.optional() }),
  risk: 'critical',
  would: (a) => `delete the volume ${a.volume ?? ''}`.trim().concat('.'),
  why: WHY,
  today: TODAY,
  examples: EXAMPLES,
})
