import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ACTS, isTool, TOOLS } from '../planner/tools-table'
import { checkPage, checkSkills, MIN_UTTERANCES } from './check-skills'
import { loadTemplates } from './corpus'

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const TWENTY =
  'clawbernetes gpu-cluster gpu-diagnose workload-manager training-job job-scheduler observability system-admin canary-release blue-green-deploy autoscaler networking auto-heal incident-response cost-optimize spot-migration molt-marketplace secrets-config storage auth-rbac'.split(
    ' ',
  )
const templates = loadTemplates(root)

describe('the twenty skills', () => {
  it('are exactly the folders that exist', () => {
    expect(readdirSync(join(root, 'skills')).sort()).toEqual([...TWENTY].sort())
  })

  it('are complete: pages in the Agent Skills format, utterances of their own that mean one thing each, tools and evals', () => {
    const problems = checkSkills(root, templates)
    expect(problems, problems.join('\n')).toEqual([])
  }, 60_000)
})

describe('the build', () => {
  it('fails for a sentence that two skills teach', () => {
    const shared = ['skills/storage/utterances.yaml', 'skills/networking/utterances.yaml'].map((source, i) => ({
      intent: i === 0 ? 'list_volumes' : 'list_routes',
      text: 'show me the thing of {node}',
      source,
    }))
    expect(checkSkills(root, shared).join('\n')).toContain('is taught for list_volumes')
  }, 60_000)

  it('fails for a skill with too few utterances', () => {
    expect(checkSkills(root, [])).toContain(`storage: 0 utterances, at least ${MIN_UTTERANCES} are needed`)
  }, 60_000)

  it.each([
    ['no frontmatter', '# Title\n'],
    ['another name', '---\nname: other\ndescription: x\n---\nbody\n'],
    ['no description', '---\nname: storage\n---\nbody\n'],
    ['metadata that are no strings', '---\nname: storage\ndescription: x\nmetadata:\n  version: 1\n---\nbody\n'],
    ['a field that the format does not know', '---\nname: storage\ndescription: x\ncolour: red\n---\nbody\n'],
    ['a description that is too long', `---\nname: storage\ndescription: ${'x'.repeat(1025)}\n---\nbody\n`],
  ])('fails for a page with %s', (_, page) => {
    expect(checkPage('storage', page)).toHaveLength(1)
  })
})

describe('the utterances', () => {
  it('teach every tool and every act but "multi", which is found by splitting', () => {
    const taught = new Map<string, number>()
    for (const { intent } of templates) taught.set(intent, (taught.get(intent) ?? 0) + 1)
    for (const intent of [...Object.keys(TOOLS), ...ACTS.filter((act) => act !== 'multi')])
      expect(taught.get(intent) ?? 0, intent).toBeGreaterThanOrEqual(MIN_UTTERANCES)
    for (const intent of taught.keys())
      expect(isTool(intent) || (ACTS as readonly string[]).includes(intent), intent).toBe(true)
  })
})
