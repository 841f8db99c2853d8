import { findTool } from '@clawbernetes/skills/registry/registry'
import { createAgent, tool as langchainTool } from 'langchain'
import { HumanMessage } from '@langchain/core/messages'
import { EmbeddedPlanner, type PlannedCall } from './embedded-planner'
import { runTool, type ToolRun } from './run-tool'

/** Runs the embedded planner's calls in LangChain's agent loop over the same tools that a language model gets. Returns the words. */
export async function runEmbedded(env: ToolRun, calls: readonly PlannedCall[]): Promise<string> {
  const says: string[] = []
  // Only what was planned: making a tool costs a tenth of a millisecond, and nothing else can be called.
  const tools = [...new Set(calls.map((call) => call.name))].map((name) => {
    const tool = findTool(name)
    // The planner names no others: its table and the registry are held against each other by a test.
    if (!tool) throw new Error(`The planner names ${name}, which is no tool.`)
    return langchainTool(
      async (args: unknown) => {
        const { say } = await runTool(env, tool, args as Record<string, unknown>)
        says.push(say)
        return say
      },
      // Arguments are checked by runTool, which answers in words; a schema here would throw instead.
      {
        name,
        description: tool.description,
        schema: { type: 'object', properties: {}, additionalProperties: true },
      },
    )
  })
  const agent = createAgent({ model: new EmbeddedPlanner(calls, () => says.join('\n\n')), tools })
  const result = await agent.invoke(
    { messages: [new HumanMessage(env.turn.text)] },
    { recursionLimit: calls.length * 2 + 4 },
  )
  const last = result.messages[result.messages.length - 1]
  return typeof last?.content === 'string' ? last.content : says.join('\n\n')
}
