import { durationWords } from '@clawbernetes/domain/telemetry/period'
import type { Risk } from '@clawbernetes/protocol/plans/content'
import * as z from 'zod'
import { type ReadTool, readTool, type ToolResult } from './define-tool'

/** A result that promises nothing: what was understood, that it cannot be done here yet, and what can. */
export const notYetOutput = z.object({
  available: z.literal(false),
  changed: z.literal(false),
  understood: z.string(),
  instead: z.array(z.string()),
})
type NotYet = z.output<typeof notYetOutput>

export interface NotYetSpec<I extends z.ZodType> {
  name: string
  skill: string
  title: string
  description: string
  input: I
  /** The risk that it will have once it can be done. */
  risk: Risk
  /** What was asked for, in words that follow "I understood:", from the checked arguments alone. */
  would: (args: z.output<I>) => string
  /** Why not, in one sentence. */
  why: string
  /** What works today instead: one sentence, and examples that can be sent as they are. */
  today: string
  examples: readonly string[]
}

/**
 * A tool whose machinery is not part of this installation yet. It checks its arguments like any other, says what it understood,
 * and changes nothing: no plan is stored and nothing is made up. Because it only answers, it is a read tool for every caller.
 */
export function notYetTool<I extends z.ZodType>(spec: NotYetSpec<I>): ReadTool {
  return readTool({
    kind: 'read',
    notYet: spec.risk,
    name: spec.name,
    skill: spec.skill,
    version: 1,
    title: spec.title,
    description: `${spec.description} Not available in this installation yet: it answers with what works today and changes nothing.`,
    input: spec.input,
    output: notYetOutput,
    run: async (args): Promise<ToolResult<NotYet>> => {
      const understood = withPlainDurations(spec.would(args))
      return {
        data: { available: false, changed: false, understood, instead: [...spec.examples] },
        say: `I understood: ${understood} I can't do that yet: ${spec.why} Nothing was changed. ${spec.today}`,
        blocks:
          spec.examples.length === 0
            ? []
            : [
                {
                  type: 'choice',
                  question: 'What works today',
                  options: spec.examples.map((text) => ({ label: text, send: text })),
                },
              ],
      }
    },
  })
}

const ISO_DURATION = /\bP(?=\d|T\d)(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?(?![\w-])/g

/** "every PT2H" as people say it: "every 2 h". */
export function withPlainDurations(text: string): string {
  return text.replace(ISO_DURATION, (_, ...parts: (string | undefined)[]) => {
    const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
      .slice(0, 5)
      .map((part) => Number(part ?? 0))
    const wholeMinutes = (weeks * 7 + days) * 1_440 + hours * 60 + minutes
    return wholeMinutes === 0 ? `${seconds} s` : durationWords(wholeMinutes * 60_000)
  })
}

/** "gpus 4, price 0.9": the arguments in words, for tools whose sentence would only list them. */
export function argWords(args: object): string {
  const parts = Object.entries(args).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key.replaceAll('_', ' ')} ${wordsOf(value)}`],
  )
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

function wordsOf(value: unknown): string {
  if (value === true) return 'yes'
  if (value === false) return 'no'
  if (Array.isArray(value)) return value.map(wordsOf).join(', ')
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([key, inner]) => `${key} ${wordsOf(inner)}`)
      .join(' ')
  return String(value)
}
