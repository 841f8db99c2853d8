import type { FleetSnapshot, SnapshotGpu, SnapshotNode } from '@clawbernetes/domain/placement/snapshot'
import { slugText } from '@clawbernetes/protocol/text'
import * as z from 'zod'
import type { ToolQuestion } from './define-tool'

/** One node or several, as planners hand them over. */
export const nodeOrNodes = z.union([slugText, z.array(slugText).min(1).max(50)]).optional()

/** The nodes that are meant, or a question: none was named, or there is no such node. */
export function findNodes(
  snapshot: FleetSnapshot,
  named: string | readonly string[] | undefined,
  what: string,
): { nodes: SnapshotNode[] } | { question: ToolQuestion } {
  const names = named === undefined ? [] : typeof named === 'string' ? [named] : [...new Set(named)]
  const missing = names.filter((name) => !snapshot.nodes.some((n) => n.name === name))
  if (names.length === 0 || missing.length > 0)
    return {
      question: {
        ask:
          missing.length > 0
            ? `I see no node ${missing.join(', ')}. Which node should I ${what}?`
            : `Which node should I ${what}?`,
        slot: 'node',
        options: snapshot.nodes.slice(0, 8).map((n) => ({ label: n.name, send: `${what} ${n.name}` })),
        blocks: [],
      },
    }
  return { nodes: names.flatMap((name) => snapshot.nodes.find((n) => n.name === name) ?? []) }
}

/** The GPU that is meant, or a question with those that the node has. */
export function findGpu(
  node: SnapshotNode,
  index: number | undefined,
  what: string,
): { gpu: SnapshotGpu } | { question: ToolQuestion } {
  const gpu = node.gpus.find((g) => g.index === index)
  if (gpu) return { gpu }
  return {
    question: {
      ask:
        node.gpus.length === 0
          ? `${node.name} has no GPUs.`
          : index === undefined
            ? `Which GPU of ${node.name} should I ${what}?`
            : `${node.name} has no GPU ${index}. Which one should I ${what}?`,
      slot: 'gpu',
      options: node.gpus
        .slice(0, 8)
        .map((g) => ({ label: `GPU ${g.index}`, send: `${what} gpu ${g.index} on ${node.name}` })),
      blocks: [],
    },
  }
}
