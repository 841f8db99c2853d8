import 'server-only'
import { personCtx } from '@clawbernetes/services/identity/resolve-actor'
import { listNodes } from '@clawbernetes/services/fleet/list-nodes'
import { readSession } from '@/features/identity/read-session'

/** People and chat name nodes by name: /nodes/node-06 leads to the node of that name. An id stays what it is. */
export async function resolveNodeId(idOrName: string): Promise<string> {
  if (idOrName.startsWith('node_')) return idOrName
  const session = await readSession()
  if (!session) return idOrName
  const nodes = await listNodes({ ctx: personCtx(session) })
  return nodes.find((node) => node.name === idOrName)?.id ?? idOrName
}
