/** With any of these LangChain would send every prompt and answer to a tracing service, whatever Settings say of what is sent. */
const TRACING = ['LANGSMITH_TRACING', 'LANGSMITH_TRACING_V2', 'LANGCHAIN_TRACING', 'LANGCHAIN_TRACING_V2']

export function noTracing(env: NodeJS.ProcessEnv = process.env): void {
  for (const name of TRACING) delete env[name]
}
