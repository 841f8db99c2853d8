import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { expand } from './expand'
import { changeTemplates, lookTemplates } from './frames'

const Entry = z
  .object({
    intent: z.string(),
    say: z.string().optional(),
    not: z.string().optional(),
    /** Verbs and objects of a change, for the frames in which people ask for one. */
    change: z
      .object({
        verbs: z.string(),
        done: z.string(),
        doing: z.string(),
        objects: z.string(),
        more: z.string().optional(),
      })
      .strict()
      .optional(),
    /** Ways of naming what somebody wants to see. */
    look: z.string().optional(),
  })
  .strict()
const File = z.array(Entry)

export interface Template {
  intent: string
  text: string
  source: string
}

export interface Example {
  intent: string
  text: string
  template: number
}

/** How many readings of one template are trained on. */
export const EXPANSION_CAP = 8

/** Every utterance template of the skills, of the dialogue acts and of the sentences of development, with the file that holds it. */
export function loadTemplates(root: string): Template[] {
  return [...utteranceFiles(root).flatMap((file) => templatesOf(file, root)), ...developed(root)]
}

function templatesOf(file: string, root: string): Template[] {
  const entries = File.parse(parse(readFileSync(file, 'utf8')))
  const source = file.slice(root.length + 1)
  return entries.flatMap((entry) => [
    ...lines(entry.say ?? '').map((text) => ({ intent: entry.intent, text, source })),
    ...(entry.change ? changeTemplates(entry.change) : []).map((text) => ({ intent: entry.intent, text, source })),
    ...(entry.look ? lookTemplates(entry.look) : []).map((text) => ({ intent: entry.intent, text, source })),
    ...lines(entry.not ?? '').map((line) => nearMiss(line, source)),
  ])
}

const DEVELOPED = 'evals/development.jsonl'
/** Not learned by words: a sentence of several requests is cut, consent is read by a grammar, and some questions hang on an inventory. */
const NOT_LEARNED = new Set(['multi', 'approve', 'clarify'])

/** The sentences that the planner was developed with prove nothing any more, so it may learn from those that need no talk before them. */
function developed(root: string): Template[] {
  const Line = z.object({
    utterance: z.string(),
    context: z.unknown(),
    intent: z.string(),
    also: z.array(z.string()).default([]),
  })
  return readFileSync(join(root, DEVELOPED), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Line.parse(JSON.parse(line)))
    .filter(
      ({ context, intent, also }) =>
        (context === null || context === undefined) && also.length === 0 && !NOT_LEARNED.has(intent),
    )
    .map(({ utterance, intent }) => ({ intent, text: utterance.replace(/[{}|]/g, ' '), source: DEVELOPED }))
}

/** Near misses stand beside the intent that they are not: "gpu prices => market_search". */
function nearMiss(line: string, source: string): Template {
  const [text, intent] = line.split('=>').map((part) => part.trim())
  if (text === undefined || intent === undefined || intent === '')
    throw new Error(`${source}: "${line}" names no intent after =>`)
  return { intent, text, source }
}

function lines(block: string): string[] {
  return block
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('# '))
}

function utteranceFiles(root: string): string[] {
  const skills = join(root, 'skills')
  const ofSkills = readdirSync(skills)
    .filter((name) => statSync(join(skills, name)).isDirectory())
    .map((name) => join(skills, name, 'utterances.yaml'))
  const dialogue = join(root, 'dialogue')
  return [
    ...ofSkills,
    ...readdirSync(dialogue)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => join(dialogue, name)),
  ].sort()
}

export function expandAll(templates: readonly Template[], cap = EXPANSION_CAP): Example[] {
  return templates.flatMap((template, index) =>
    expand(template.text, cap).map((text) => ({ intent: template.intent, text, template: index })),
  )
}
