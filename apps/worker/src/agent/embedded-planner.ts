import { type BaseChatModelParams, BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, type BaseMessage } from '@langchain/core/messages'
import type { ChatResult } from '@langchain/core/outputs'

export interface PlannedCall {
  name: string
  args: Record<string, unknown>
}

/**
 * The embedded planner as a chat model, so that it runs in the same agent loop as any other. It decided on its calls before the
 * loop began, from the person's words alone: what tools answer never changes what it does next, so text in a log or a name cannot
 * steer it. After its calls it says what they said.
 */
export class EmbeddedPlanner extends BaseChatModel {
  constructor(
    private readonly calls: readonly PlannedCall[],
    private readonly closing: () => string,
    params: BaseChatModelParams = {},
  ) {
    super(params)
  }

  _llmType(): string {
    return 'embedded'
  }

  override bindTools(): this {
    return this
  }

  async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const answered = messages.filter((m) => m.getType() === 'tool').length
    const next = this.calls[answered]
    const text = next ? '' : this.closing()
    const calls = next ? [{ id: `call_${answered}`, name: next.name, args: next.args, type: 'tool_call' as const }] : []
    return { generations: [{ text, message: new AIMessage({ content: text, tool_calls: calls }) }] }
  }
}
