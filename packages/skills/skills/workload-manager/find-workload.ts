import type { Block } from '@clawbernetes/protocol/views/blocks'
import type { ToolQuestion } from '../../src/registry/define-tool'
import type { LiveWorkload } from '@clawbernetes/services/workloads/live-workloads'

/** The one workload that is meant, or a question: none is named and several could be, or the name is not known. */
export function findWorkload(
  live: readonly LiveWorkload[],
  name: string | undefined,
  what: string,
): { workload: LiveWorkload } | { question: ToolQuestion } {
  if (name) {
    const exact = live.find((w) => w.name.toLowerCase() === name.toLowerCase())
    if (exact) return { workload: exact }
    const near = live.filter((w) => w.name.includes(name.toLowerCase()))
    if (near.length === 1 && near[0]) return { workload: near[0] }
    return ask(
      `I see no workload named ${name}. ${live.length === 0 ? 'Nothing runs now.' : `Which one do you want to ${what}?`}`,
      near.length > 0 ? near : live,
      what,
    )
  }
  const only = live.length === 1 ? live[0] : undefined
  if (only) return { workload: only }
  return ask(live.length === 0 ? 'Nothing runs now.' : `Which workload do you want to ${what}?`, live, what)
}

function ask(text: string, list: readonly LiveWorkload[], what: string): { question: ToolQuestion } {
  return {
    question: {
      ask: text,
      slot: 'workload',
      options: list.slice(0, 6).map((w) => ({ label: w.name, send: `${what} ${w.name}` })),
      blocks: [],
    },
  }
}

/** The question as buttons; with nothing to choose from, a way to see what there is. */
export const askBlock = ({ ask: question, options }: ToolQuestion): Block => ({
  type: 'choice',
  question,
  options: options.length > 0 ? options : [{ label: 'What is running?', send: 'what is running?' }],
})
