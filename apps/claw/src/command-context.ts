import { addressOf, type Api, apiClient } from './api-client'
import type { Output } from './terminal'

/** What every command gets: where to write, and the API once it is needed (so that --help works without a key). */
export interface CommandContext {
  output: Output
  api(): Api
  env: NodeJS.ProcessEnv
  /** Asks on the terminal; only where there is one. */
  ask(question: string): Promise<string>
}

export function commandContext(output: Output, env: NodeJS.ProcessEnv, ask: CommandContext['ask']): CommandContext {
  let client: Api | undefined
  return { output, env, ask, api: () => (client ??= apiClient(addressOf(env))) }
}

export const printJson = (output: Output, value: unknown): void => output.out(`${JSON.stringify(value, null, 2)}\n`)
