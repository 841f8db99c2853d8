import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { addressOf } from '../api-client'
import type { CommandContext } from '../command-context'
import { EXIT, type ExitCode } from '../exit-codes'
import { oneLine } from '../terminal'

/** A program that speaks MCP over its standard streams, talking to the installation's MCP server: messages pass as they are. */
export async function mcp(context: CommandContext): Promise<ExitCode> {
  const { url, key } = addressOf(context.env)
  const near = new StdioServerTransport()
  const far = new StreamableHTTPClientTransport(new URL(`${url}/api/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${key}` } },
  })
  const ended = new Promise<void>((resolve) => {
    near.onclose = resolve
    process.stdin.on('end', resolve)
  })
  const handshake = new Handshake(far)
  far.onmessage = (message) => {
    handshake.answered(message)
    void near.send(message)
  }
  far.onerror = (error) => context.output.err(`claw mcp: ${oneLine(error.message)}\n`)
  near.onmessage = (message) => {
    handshake.asked(message)
    far.send(message).catch((error: unknown) => {
      const refused = refusalOf(message, error, url)
      if (refused) void near.send(refused)
    })
  }
  await far.start()
  await near.start()
  await ended
  await far.close()
  return EXIT.ok
}

/** After it, every HTTP request names the protocol version that was agreed on. */
class Handshake {
  #id: string | number | undefined

  constructor(private readonly far: StreamableHTTPClientTransport) {}

  asked(message: JSONRPCMessage): void {
    if ('method' in message && message.method === 'initialize' && 'id' in message) this.#id = message.id
  }

  answered(message: JSONRPCMessage): void {
    if (this.#id === undefined || !('result' in message) || message.id !== this.#id) return
    const { protocolVersion } = message.result
    if (typeof protocolVersion === 'string') this.far.setProtocolVersion(protocolVersion)
    this.#id = undefined
  }
}

/** A request that did not get through is answered, so that the other side does not wait for ever. */
function refusalOf(message: JSONRPCMessage, error: unknown, url: string): JSONRPCMessage | null {
  if (!('method' in message) || !('id' in message)) return null
  const words = error instanceof Error ? oneLine(error.message) : String(error)
  const why = /fetch failed/.test(words) ? `Nobody answers at ${url}.` : words
  return { jsonrpc: '2.0', id: message.id, error: { code: -32000, message: why } }
}
