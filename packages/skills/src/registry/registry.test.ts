import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { describe, expect, it } from 'vitest'
import { EXAMPLE_OF } from '../planner/examples'
import { TOOL_SLOTS } from '../planner/tool-slots'
import { type ToolName, TOOLS } from '../planner/tools-table'
import { understand } from '../planner/understand'
import { allTools, findTool, readTools, writeTools } from './registry'
import { skillPages } from './skill-pages'
import { skillsTable } from './skills-doc'

const NAMES = Object.keys(TOOLS) as ToolName[]
const RANK = ['read', 'low', 'medium', 'high', 'critical']

describe('the registry', () => {
  it('holds every tool of the design exactly once, in the skill that the design gives it', () => {
    const names = allTools().map((tool) => tool.name)
    expect(new Set(names).size).toBe(names.length)
    expect(NAMES.filter((name) => !findTool(name))).toEqual([])
    for (const name of NAMES) expect(findTool(name)?.skill, name).toBe(TOOLS[name].skill)
  })

  it.each(NAMES)('%s takes each slot of the design, and has a title and a description', (name) => {
    const tool = findTool(name)
    expect(tool?.title).toMatch(/^[A-Z]/)
    expect(tool?.description.length).toBeGreaterThan(20)
    if (!tool) throw new Error(`${name} is not in the registry`)
    const shape = Object.keys((tool.input as z.ZodObject).shape)
    expect(TOOL_SLOTS[name].filter((slot) => !shape.includes(slot))).toEqual([])
  })

  it.each(NAMES)('%s has the risk of the design, never less', (name) => {
    const tool = findTool(name)
    const risk = tool?.kind === 'write' ? tool.risk : (tool?.notYet ?? 'read')
    expect(RANK.indexOf(risk)).toBeGreaterThanOrEqual(RANK.indexOf(TOOLS[name].risk))
  })

  it('has no change without preview, verification, rights and a word on the way back', () => {
    for (const tool of writeTools()) {
      expect(typeof tool.preview, tool.name).toBe('function')
      expect(tool.verify.length, tool.name).toBeGreaterThan(10)
      expect(tool.steps.length, tool.name).toBeGreaterThan(0)
      expect(tool.authorize.words.length, tool.name).toBeGreaterThan(0)
      expect('none' in tool.undo ? tool.undo.none : tool.undo.words, tool.name).not.toBe('')
    }
  })

  it('has no look without a schema of its result, and one that a language model can be given', () => {
    for (const tool of allTools()) {
      expect(() => z.toJSONSchema(tool.input, { io: 'input' }), tool.name).not.toThrow()
      if (tool.kind === 'read') expect(() => z.toJSONSchema(tool.output), tool.name).not.toThrow()
    }
  })

  it('is told truly: the pages name what cannot be done yet, and docs/skills.md has the table of the registry', () => {
    const pages = new Map(skillPages().map((page) => [page.name, page.body]))
    for (const tool of readTools()) {
      const today = /## Today\n([\s\S]*?)\n## /.exec(pages.get(tool.skill) ?? '')?.[1] ?? ''
      expect(today.split('. They check')[0]?.includes(`\`${tool.name}\``) ?? false, tool.name).toBe(
        tool.notYet !== undefined,
      )
    }
    const doc = readFileSync(new URL('../../../../docs/skills.md', import.meta.url), 'utf8')
    expect(/<!-- tools -->\n([\s\S]*?)\n<!-- \/tools -->/.exec(doc)?.[1]?.trim()).toBe(skillsTable())
  })

  it.each(NAMES)('the example of %s is understood as it', (name) => {
    expect(understand({ utterance: EXAMPLE_OF[name], context: null }).intent).toBe(name)
  })
})
