import { STEP_KINDS, wokenBy } from '@clawbernetes/protocol/plans/steps'
import { COMPENSATORS } from '@clawbernetes/services/plans/compensate'
import { describe, expect, test } from 'vitest'
import { findTool, writeTools } from './registry'

describe('every write tool', () => {
  test.each(writeTools().map((tool) => [tool.name, tool] as const))(
    '%s says who, how it is proved and what takes it back',
    (_, tool) => {
      expect(tool.authorize.words).not.toBe('')
      expect(tool.verify.length).toBeGreaterThan(10)
      expect(tool.steps.length).toBeGreaterThan(0)
      expect(tool.risk).not.toBe('read')
      if ('tool' in tool.undo) {
        expect(findTool(tool.undo.tool)?.kind).toBe('write')
        expect(tool.undo.words).not.toBe('')
      } else expect(tool.undo.none.length).toBeGreaterThan(10)
    },
  )
})

describe('every kind of step', () => {
  test.each(STEP_KINDS)('%s is taken back, or says why it is left', (kind) => {
    const compensator = COMPENSATORS[kind]
    expect('undo' in compensator ? typeof compensator.undo : compensator.leave.length > 5).toBeTruthy()
    expect(wokenBy).toHaveProperty(kind)
  })

  test('belongs to a tool', () => {
    const used = new Set(writeTools().flatMap((tool) => tool.steps))
    expect(STEP_KINDS.filter((kind) => !used.has(kind))).toEqual([])
  })
})
