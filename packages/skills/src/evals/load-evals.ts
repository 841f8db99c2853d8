import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import { PlannerContextSchema } from '../planner/context'

/** What must be true of the tool's own answer in the seeded world, where the machinery is there. */
const endState = z
  .object({
    /** Each is a pattern that the answer holds. */
    say: z.array(z.string()).optional(),
    never: z.array(z.string()).optional(),
    /** Part of the result's data. */
    data: z.record(z.string(), z.unknown()).optional(),
    recommendation: z.object({ intent: z.string(), slots: z.record(z.string(), z.unknown()) }).optional(),
    untrusted: z.boolean().optional(),
    /** For changes: the card that is drawn. Nothing is carried out. */
    card: z
      .object({
        title: z.string(),
        steps: z.array(z.string()).optional(),
        risk: z.string().optional(),
        undo: z.boolean().optional(),
      })
      .strict()
      .optional(),
    /** For changes: a question or a refusal instead of a card. */
    noCard: z.boolean().optional(),
  })
  .strict()

const turn = z
  .object({
    say: z.string(),
    context: PlannerContextSchema.optional(),
    intent: z.string(),
    slots: z.record(z.string(), z.unknown()).optional(),
    asks_approval: z.boolean().optional(),
    end: endState.optional(),
  })
  .strict()

const dialogue = z.object({ name: z.string(), turns: z.array(turn).min(1) }).strict()
const evalFile = z.array(dialogue).min(1)

export type EvalTurn = z.output<typeof turn>
export interface SkillEvals {
  skill: string
  dialogues: z.output<typeof evalFile>
}

/** The evals of one skill; throws with the place where a file does not hold to its form. */
export function loadEvals(root: string, skill: string): SkillEvals {
  return { skill, dialogues: evalFile.parse(parse(readFileSync(join(root, 'skills', skill, 'evals.yaml'), 'utf8'))) }
}

export const loadAllEvals = (root: string): SkillEvals[] =>
  readdirSync(join(root, 'skills'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => loadEvals(root, entry.name))
