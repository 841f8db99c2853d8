import { EXAMPLE_OF } from '../planner/examples'
import { TOOL_SLOTS } from '../planner/tool-slots'
import { type ToolName, TOOLS } from '../planner/tools-table'
import { findTool } from './registry'

/** The table of docs/skills.md, from the registry itself: the page is compared with it, so that it stays true. */
export function skillsTable(): string {
  const rows = (Object.keys(TOOLS) as ToolName[]).map((name) => {
    const tool = findTool(name)
    const slots = TOOL_SLOTS[name].map((slot) => `\`${slot}\``).join(' ')
    const today =
      tool === undefined ? 'missing' : tool.kind === 'read' && tool.notYet ? 'answers, changes nothing' : 'works'
    return `| ${TOOLS[name].skill} | \`${name}\` | ${slots || '–'} | ${TOOLS[name].risk} | ${today} | ${EXAMPLE_OF[name].replaceAll('|', '\\|')} |`
  })
  return ['| skill | tool | slots | risk | today | for example |', '|---|---|---|---|---|---|', ...rows].join('\n')
}
