import { existsSync } from 'node:fs'
import { homedir, hostname } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { nodeName } from '../inventory/build-inventory'
import { defaultStateDir } from '../state/settings'

/** The command line does not say what is needed; the message is for the person who typed it. */
export class UsageError extends Error {}

export interface JoinArguments {
  server: string
  token: string
  name: string
  labels: Record<string, string>
  dataRoots: string[]
  stateDir: string
  address: string | null
  service: boolean
  start: boolean
}

export function joinArguments(argv: string[]): JoinArguments {
  const values = parsed(argv, {
    server: { type: 'string' },
    gateway: { type: 'string' },
    token: { type: 'string' },
    name: { type: 'string' },
    label: { type: 'string', multiple: true },
    'data-root': { type: 'string', multiple: true },
    'state-dir': { type: 'string' },
    address: { type: 'string' },
    service: { type: 'boolean', default: false },
    systemd: { type: 'boolean', default: false },
    'install-systemd': { type: 'boolean', default: false },
    'no-start': { type: 'boolean', default: false },
  })
  const token = text(values.token) ?? process.env.CLAWBERNETES_TOKEN
  if (!token) throw new UsageError('A join token is needed: --token cbj_…')
  const dataRoots = list(values['data-root']).map(absolute)
  return {
    server: serverUrl(text(values.server) ?? text(values.gateway)),
    token,
    name: nodeName(text(values.name) ?? hostname()),
    labels: labels(list(values.label)),
    dataRoots: dataRoots.length > 0 ? dataRoots : [defaultDataRoot()],
    stateDir: resolve(text(values['state-dir']) ?? defaultStateDir()),
    address: text(values.address) ?? null,
    service: values.service === true || values.systemd === true || values['install-systemd'] === true,
    start: values['no-start'] !== true,
  }
}

export function commonArguments(argv: string[]): { stateDir: string; json: boolean; server: string | null } {
  const values = parsed(argv, {
    'state-dir': { type: 'string' },
    json: { type: 'boolean', default: false },
    server: { type: 'string' },
  })
  const server = text(values.server)
  return {
    stateDir: resolve(text(values['state-dir']) ?? defaultStateDir()),
    json: values.json === true,
    server: server === undefined ? null : serverUrl(server),
  }
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

function parsed(argv: string[], options: Options): Record<string, unknown> {
  try {
    return parseArgs({ args: argv, options, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0] ?? 'The arguments were not understood.')
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const list = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : []

function serverUrl(given: string | undefined): string {
  if (!given) throw new UsageError('The address of the gateway is needed: --server http://host:port')
  let url: URL
  try {
    url = new URL(given)
  } catch {
    throw new UsageError(`"${given}" is not an address. It looks like http://host:port.`)
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new UsageError('The address of the gateway begins with http:// or https://.')
  if (url.username || url.password)
    throw new UsageError('The address of the gateway may not hold a user name or password.')
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

function labels(given: string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((pair) => {
      const [, key, value] = /^([A-Za-z0-9][A-Za-z0-9._/-]{0,62})=([A-Za-z0-9._/-]{0,63})$/.exec(pair) ?? []
      if (key === undefined || value === undefined)
        throw new UsageError(
          `"${pair}" is not a label. It looks like rack=12; letters, digits and . _ / - are allowed.`,
        )
      return [key, value]
    }),
  )
}

function absolute(path: string): string {
  if (!isAbsolute(path) || path.split('/').includes('..'))
    throw new UsageError(`The data root "${path}" has to be an absolute path without "..".`)
  return path.length > 1 ? path.replace(/\/+$/, '') : path
}

/** /data where it is there or can be made; otherwise a folder of the user's own. */
const defaultDataRoot = (): string =>
  existsSync('/data') || process.getuid?.() === 0 ? '/data' : join(homedir(), 'data')
