import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ACTS, isTool, TOOLS } from '../planner/tools-table'
import { expandAll, loadTemplates } from './corpus'
import { delexicaliseRaw } from './train'

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

  it.each(TWENTY)('%s follows the Agent Skills format', (name) => {
    const file = readFileSync(join(root, 'skills', name, 'SKILL.md'), 'utf8')
    const match = /^---\n([\s\S]*?)\n---\n([\s\S]+)$/.exec(file)
    const meta = parse(match?.[1] ?? '') as Record<string, unknown>
    expect(meta.name).toBe(name)
    expect(name).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/)
    expect(typeof meta.description).toBe('string')
    expect(String(meta.description).length).toBeLessThanOrEqual(1_024)
    for (const value of Object.values((meta.metadata ?? {}) as Record<string, unknown>))
      expect(typeof value).toBe('string')
    expect((match?.[2] ?? '').split('\n').length).toBeLessThan(500)
  })

  it.each(TWENTY)('%s names each of its tools in its page', (name) => {
    const page = readFileSync(join(root, 'skills', name, 'SKILL.md'), 'utf8')
    for (const [tool, row] of Object.entries(TOOLS)) if (row.skill === name) expect(page).toContain(`\`${tool}`)
  })

  it.each(TWENTY)('%s has at least 15 utterances of its own', (name) => {
    expect(existsSync(join(root, 'skills', name, 'utterances.yaml'))).toBe(true)
    expect(
      templates.filter((template) => template.source === `skills/${name}/utterances.yaml`).length,
    ).toBeGreaterThanOrEqual(15)
  })
})

describe('the utterances', () => {
  it('teach every tool and every act but "multi", which is found by splitting', () => {
    const taught = new Map<string, number>()
    for (const { intent } of templates) taught.set(intent, (taught.get(intent) ?? 0) + 1)
    for (const intent of [...Object.keys(TOOLS), ...ACTS.filter((act) => act !== 'multi')])
      expect(taught.get(intent) ?? 0, intent).toBeGreaterThanOrEqual(15)
    for (const intent of taught.keys())
      expect(isTool(intent) || (ACTS as readonly string[]).includes(intent), intent).toBe(true)
  })

  it('mean one thing each: no sentence is taught for two intents', () => {
    const meanings = new Map<string, Set<string>>()
    for (const { intent, text } of expandAll(templates)) {
      const key = delexicaliseRaw(text)
        .replace(/[?!.,]+$/, '')
        .trim()
      meanings.set(key, (meanings.get(key) ?? new Set()).add(intent))
    }
    const shared = [...meanings]
      .filter(([, intents]) => intents.size > 1)
      .map(([text, intents]) => `"${text}": ${[...intents].join(', ')}`)
    expect(shared, shared.join('\n')).toEqual([])
  })
})
