import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** A skill as people and language models read it; the body of its SKILL.md is its procedure. */
export interface SkillPage {
  name: string
  title: string
  description: string
  examples: string[]
  body: string
}

const FOLDER = new URL('../../skills/', import.meta.url)
const FRONTMATTER = /^---\n([\s\S]*?)\n---\n/
const MAX_EXAMPLES = 6

/** All skills, by name. Read from the files beside the tools, so that help and tools cannot drift apart. */
export function skillPages(): SkillPage[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => skillPage(entry.name))
    .sort((a, b) => a.name.localeCompare(b.name))
}

function skillPage(name: string): SkillPage {
  const file = readFileSync(new URL(`${name}/SKILL.md`, FOLDER), 'utf8')
  const head = FRONTMATTER.exec(file)
  const meta: unknown = head ? parse(head[1] ?? '') : null
  const description =
    typeof meta === 'object' && meta !== null && 'description' in meta && typeof meta.description === 'string'
      ? meta.description
      : ''
  const body = file.slice(head?.[0].length ?? 0)
  return { name, title: /^#\s+(.+)$/m.exec(body)?.[1] ?? name, description, examples: examplesOf(body), body }
}

/** The sentences under "Things to ask". */
function examplesOf(body: string): string[] {
  const section = /^## Things to ask\n([\s\S]*?)(?=\n## |$(?![\s\S]))/m.exec(body)?.[1] ?? ''
  return section
    .split('\n')
    .flatMap((line) => line.replace(/^\s*[-*]\s*/, '').split('·'))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
    .slice(0, MAX_EXAMPLES)
}
