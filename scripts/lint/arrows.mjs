// Which way the arrows point: what each part of the house may import. The first area whose pattern fits a file decides.

/**
 * @typedef {object} Area
 * @property {string} name
 * @property {(file: string, source: string) => boolean} holds
 * @property {string[]} ours           our packages it may import values from
 * @property {string[]} [oursTypes]    our packages it may import types from, besides
 * @property {RegExp} [npmOnly]        the only npm packages and node modules it may import
 * @property {RegExp} [never]          specifiers it may never import
 * @property {RegExp[]} [neverInCode]  code it may not contain
 */

const LANGUAGE_MODELS = 'langchain|@langchain/.*|openai|@anthropic-ai/.*|ollama'
const SCREEN = 'next|next/.*|react|react-dom|react/.*'
const SOCKETS = 'socket\\.io|socket\\.io-client'
const NETWORK = 'node:https?|node:http2|node:net|node:tls|node:dgram|undici'
const anyOf = (...parts) => new RegExp(`^(?:${parts.join('|')})$`)
const below = (folder) => (file) => file.startsWith(folder)

/** @type {Area[]} */
export const AREAS = [
  {
    name: 'protocol',
    holds: below('packages/protocol/'),
    ours: [],
    npmOnly: anyOf('zod', 'zod/.*'),
  },
  {
    name: 'domain',
    holds: below('packages/domain/'),
    ours: ['protocol'],
    npmOnly: anyOf('zod', 'zod/.*'),
    neverInCode: [
      /\bDate\.now\(/,
      /\bnew Date\(\s*\)/,
      /\bMath\.random\(/,
      /\bperformance\.now\(/,
      /(?<![.\w])fetch\(/,
      /\bprocess\.(env|hrtime|cwd|argv)\b/,
      /(?<![.\w])set(Timeout|Interval|Immediate)\(/,
    ],
  },
  { name: 'db', holds: below('prisma/'), ours: ['db'], never: anyOf(SCREEN, SOCKETS, LANGUAGE_MODELS) },
  {
    name: 'services',
    holds: below('packages/services/'),
    ours: ['db', 'domain', 'protocol'],
    never: anyOf(SCREEN, SOCKETS, LANGUAGE_MODELS, NETWORK, 'graphile-worker'),
    neverInCode: [/(?<![.\w])fetch\(/],
  },
  {
    name: 'skills',
    holds: below('packages/skills/'),
    ours: ['services', 'domain', 'protocol'],
    never: anyOf(SCREEN, SOCKETS, LANGUAGE_MODELS, 'pg', '@prisma/.*'),
  },
  {
    name: 'worker',
    holds: below('apps/worker/'),
    ours: ['skills', 'services', 'domain', 'protocol'],
    never: anyOf(SCREEN, 'pg', '@prisma/.*'),
  },
  {
    name: 'node-agent',
    holds: below('apps/node-agent/'),
    ours: ['protocol'],
    never: anyOf(SCREEN, LANGUAGE_MODELS, 'pg', '@prisma/.*'),
  },
  {
    name: 'claw',
    holds: below('apps/claw/'),
    ours: ['protocol'],
    never: anyOf(SCREEN, LANGUAGE_MODELS, 'pg', '@prisma/.*'),
  },
  {
    name: 'web/realtime',
    holds: below('apps/web/realtime/'),
    ours: ['services', 'protocol'],
    never: anyOf(SCREEN, 'pg', '@prisma/.*'),
  },
  {
    name: 'web/ui (knows no noun)',
    holds: below('apps/web/ui/'),
    ours: ['protocol'],
    never: anyOf('@/features/.*', '@/trpc/.*', '@/app/.*', '\\.\\./features/.*', '\\.\\./trpc/.*'),
  },
  {
    name: 'web client',
    holds: (file, source) => file.startsWith('apps/web/') && isClient(file, source),
    ours: ['domain', 'protocol'],
    oursTypes: ['services'],
    never: anyOf('pg', '@prisma/.*', 'server-only', 'node:.*'),
  },
  {
    name: 'web server',
    holds: below('apps/web/'),
    ours: ['services', 'domain', 'protocol'],
    never: anyOf('pg', '@prisma/.*', LANGUAGE_MODELS),
  },
  { name: 'e2e', holds: below('e2e/'), ours: ['protocol', 'db'], never: anyOf(SCREEN) },
]

/** A test may start a database and servers, and read files. */
export const TEST_FILE = /\.(test|spec)\.(ts|tsx|mjs)$|\/testing(\/|\.)/
export const ALLOWED_IN_TESTS = { ours: ['db'], npm: /^(vitest|vitest\/.*|node:.*|pg)$/ }

function isClient(file, source) {
  if (/\.test\.tsx?$/.test(file)) return false
  if (/^\s*(?:\/\*[\s\S]*?\*\/\s*)?['"]use client['"]/.test(source)) return true
  return file.startsWith('apps/web/features/') && !/['"]server-only['"]/.test(source)
}
