import { PRODUCT_VERSION } from '@clawbernetes/protocol/version'
import { ClawError, EXIT, type ExitCode } from './exit-codes'
import { oneLine } from './terminal'

export interface Address {
  url: string
  key: string
}

/** Where the installation is and who asks, from the environment; a clear word when one of them is missing. */
export function addressOf(env: NodeJS.ProcessEnv): Address {
  const url = env.CLAWBERNETES_URL?.trim().replace(/\/+$/, '')
  if (!url)
    throw new ClawError(
      EXIT.unreachable,
      'Set CLAWBERNETES_URL to the address of your installation, such as http://localhost:3000.',
    )
  if (!/^https?:\/\/[^\s]+$/.test(url))
    throw new ClawError(EXIT.unreachable, `CLAWBERNETES_URL is "${url}"; it must begin with http:// or https://.`)
  const key = env.CLAWBERNETES_API_KEY?.trim()
  if (!key) throw new ClawError(EXIT.key, `Set CLAWBERNETES_API_KEY. Make a key at ${url}/settings?tab=api-keys.`)
  return { url, key }
}

export interface Api {
  get<T>(path: string, query?: Record<string, string | number | undefined>): Promise<T>
  post<T>(path: string, body?: unknown, headers?: Record<string, string>): Promise<T>
  /** For streams. */
  open(path: string, query?: Record<string, string | number | undefined>): Promise<Response>
}

const EXIT_OF: Record<number, ExitCode> = {
  400: EXIT.usage,
  401: EXIT.key,
  403: EXIT.refused,
  404: EXIT.notFound,
  409: EXIT.decided,
  410: EXIT.refused,
  429: EXIT.unreachable,
  502: EXIT.unreachable,
  503: EXIT.unreachable,
}

export function apiClient({ url, key }: Address): Api {
  const open = async (
    method: string,
    path: string,
    init: { body?: unknown; headers?: Record<string, string> } = {},
  ) => {
    let response: Response
    try {
      response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          'user-agent': `claw/${PRODUCT_VERSION}`,
          ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...init.headers,
        },
        ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
      })
    } catch (error) {
      throw new ClawError(
        EXIT.unreachable,
        `Nobody answers at ${url} (${reasonOf(error)}). Is it running, and is CLAWBERNETES_URL right?`,
      )
    }
    if (response.ok) return response
    throw await refusal(response, url)
  }
  const read = async <T>(response: Response): Promise<T> => {
    try {
      return (await response.json()) as T
    } catch {
      throw new ClawError(EXIT.failed, `${url} did not answer as Clawbernetes does. Is CLAWBERNETES_URL right?`)
    }
  }
  return {
    open: (path, query) => open('GET', path + search(query)),
    get: async (path, query) => read(await open('GET', path + search(query))),
    post: async (path, body, headers) => read(await open('POST', path, { body, headers })),
  }
}

async function refusal(response: Response, url: string): Promise<ClawError> {
  const exit = EXIT_OF[response.status] ?? EXIT.failed
  const text = await response.text().catch(() => '')
  const wait = response.headers.get('retry-after')
  try {
    const { error } = JSON.parse(text) as { error: { message: string } }
    return new ClawError(exit, `${oneLine(error.message)}${wait ? ` Try again in ${oneLine(wait)} s.` : ''}`)
  } catch {
    return new ClawError(
      exit,
      `${url} answered ${response.status}. Is CLAWBERNETES_URL the address of an installation?`,
    )
  }
}

function search(query: Record<string, string | number | undefined> = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  return given.length > 0 ? `?${new URLSearchParams(given as [string, string][]).toString()}` : ''
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined
  return cause?.code ?? (error instanceof Error ? error.message : String(error))
}
