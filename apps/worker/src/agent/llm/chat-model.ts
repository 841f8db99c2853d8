import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { LanguageModel } from '@clawbernetes/services/planner/resolve-planner'
import type { ProviderFetch } from './provider-fetch'

/** Anthropic wants a number; the others end by themselves or by the budget. */
const MAX_OUTPUT_TOKENS = 4096
const OLLAMA = 'http://127.0.0.1:11434'

/**
 * The provider's chat model. Its own retries are off: ours honour retry-after, can be stopped, and are counted. An address or a key
 * that is not set here is never filled in from the process' environment. Only the library that is needed is loaded: they are large.
 */
export async function chatModel(language: LanguageModel, http: ProviderFetch): Promise<BaseChatModel> {
  const { model, apiKey, baseUrl } = language
  const maxRetries = 0
  switch (language.provider) {
    case 'openai':
    case 'openai-compatible': {
      const { ChatOpenAI } = await import('@langchain/openai')
      return new ChatOpenAI({
        model,
        // Servers of one's own often take any key; the SDK insists on one.
        apiKey: apiKey ?? 'none',
        maxRetries,
        useResponsesApi: false,
        configuration: {
          baseURL: baseUrl ?? 'https://api.openai.com/v1',
          organization: null,
          project: null,
          fetch: http.fetch,
        },
      })
    }
    case 'anthropic': {
      const { ChatAnthropic } = await import('@langchain/anthropic')
      return new ChatAnthropic({
        model,
        apiKey: apiKey ?? 'none',
        maxRetries,
        maxTokens: MAX_OUTPUT_TOKENS,
        anthropicApiUrl: baseUrl ?? 'https://api.anthropic.com',
        clientOptions: { fetch: http.fetch, maxRetries, authToken: null },
      })
    }
    case 'ollama': {
      const { ChatOllama } = await import('@langchain/ollama')
      return new ChatOllama({
        model,
        maxRetries,
        baseUrl: baseUrl ?? OLLAMA,
        fetch: http.fetch,
        ...(apiKey ? { headers: { authorization: `Bearer ${apiKey}` } } : {}),
      })
    }
  }
}
