import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { loadEvals } from '../evals/load-evals'
import { TOOLS } from '../planner/tools-table'
import { expandAll, type Template } from './corpus'
import { delexicaliseRaw } from './train'

export const MIN_UTTERANCES = 15
const MAX_DESCRIPTION = 1_024
const MAX_NAME = 64
const MAX_PAGE_LINES = 500
const ALLOWED_FIELDS = new Set(['name', 'description', 'license', 'compatibility', 'metadata', 'allowed-tools'])
const FILES = ['SKILL.md', 'utterances.yaml', 'tools.ts', 'evals.yaml']

/** What is wrong with the skills' folders, in words; empty: they may be built. Reads files alone, so that a build can ask. */
export function checkSkills(root: string, templates: readonly Template[]): string[] {
  const names = readdirSync(join(root, 'skills'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
  return [...names.flatMap((name) => checkSkill(root, name, templates)), ...sharedUtterances(templates)]
}

function checkSkill(root: string, name: string, templates: readonly Template[]): string[] {
  const folder = join(root, 'skills', name)
  const missing = FILES.filter((file) => !existsSync(join(folder, file)))
  if (missing.length > 0) return missing.map((file) => `${name}: ${file} is missing`)
  const page = readFileSync(join(folder, 'SKILL.md'), 'utf8')
  const own = templates.filter((template) => template.source === `skills/${name}/utterances.yaml`).length
  const tools = Object.entries(TOOLS).flatMap(([tool, row]) => (row.skill === name ? [tool] : []))
  return [
    ...checkPage(name, page).map((problem) => `${name}: SKILL.md ${problem}`),
    ...tools.filter((tool) => !page.includes(`\`${tool}`)).map((tool) => `${name}: SKILL.md does not name ${tool}`),
    ...(own < MIN_UTTERANCES ? [`${name}: ${own} utterances, at least ${MIN_UTTERANCES} are needed`] : []),
    ...checkEvals(root, name),
  ]
}

/** The Agent Skills format: a name that is the folder's, a description, metadata of strings, a body that can be read in one go. */
export function checkPage(name: string, file: string): string[] {
  const match = /^---\n([\s\S]*?)\n---\n([\s\S]+)$/.exec(file)
  if (!match) return ['has no frontmatter between --- lines']
  let meta: Record<string, unknown>
  try {
    meta = parse(match[1] ?? '') as Record<string, unknown>
  } catch {
    return ['has a frontmatter that is not YAML']
  }
  if (typeof meta !== 'object' || meta === null) return ['has an empty frontmatter']
  const problems: string[] = []
  if (meta.name !== name) problems.push(`is named ${String(meta.name)}, its folder ${name}`)
  if (name.length > MAX_NAME || !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))
    problems.push('has a name that is not lower-case letters, digits and single hyphens')
  const { description } = meta
  if (typeof description !== 'string' || description.trim() === '') problems.push('has no description')
  else if (description.length > MAX_DESCRIPTION)
    problems.push(`has a description of more than ${MAX_DESCRIPTION} characters`)
  for (const field of Object.keys(meta))
    if (!ALLOWED_FIELDS.has(field)) problems.push(`has a field ${field} that the format does not know`)
  const metadata = meta.metadata ?? {}
  if (
    typeof metadata !== 'object' ||
    metadata === null ||
    Object.values(metadata).some((value) => typeof value !== 'string')
  )
    problems.push('has metadata that are not strings')
  if ((match[2] ?? '').split('\n').length >= MAX_PAGE_LINES)
    problems.push(`has a body of ${MAX_PAGE_LINES} lines or more`)
  return problems
}

function checkEvals(root: string, name: string): string[] {
  try {
    loadEvals(root, name)
    return []
  } catch (error) {
    return [
      `${name}: evals.yaml does not hold to its form: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}`,
    ]
  }
}

/** A sentence that two intents teach teaches nothing; with mentions replaced, so that another node's name does not hide it. */
function sharedUtterances(templates: readonly Template[]): string[] {
  const meanings = new Map<string, Map<string, string>>()
  for (const { intent, text, template } of expandAll(templates)) {
    const key = delexicaliseRaw(text)
      .replace(/[?!.,]+$/, '')
      .trim()
    const known = meanings.get(key) ?? new Map<string, string>()
    meanings.set(key, known.set(intent, templates[template]?.source ?? ''))
  }
  return [...meanings]
    .filter(([, intents]) => intents.size > 1)
    .map(
      ([text, intents]) =>
        `"${text}" is taught for ${[...intents].map(([intent, file]) => `${intent} (${file})`).join(' and ')}`,
    )
}
