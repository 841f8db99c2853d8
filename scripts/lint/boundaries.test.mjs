import { describe, expect, it } from 'vitest'
import { boundaryProblems } from './boundaries.mjs'

const problemsOf = (file, source) => boundaryProblems(new Map([[file, source]])).map(({ message }) => message)

describe('arrows', () => {
  it.each([
    ['packages/protocol/src/a.ts', `import { x } from '@clawbernetes/domain/x'`],
    ['packages/protocol/src/a.ts', `import { readFile } from 'node:fs/promises'`],
    ['packages/domain/src/a.ts', `import { db } from '@clawbernetes/db/client'`],
    ['packages/domain/src/a.ts', `import path from 'node:path'`],
    ['packages/domain/src/a.ts', `export const at = () => Date.now()`],
    ['packages/domain/src/a.ts', `export const roll = () => Math.random()`],
    ['packages/domain/src/a.ts', `export const key = process.env.KEY`],
    ['prisma/src/a.ts', `import { x } from '@clawbernetes/protocol/ids'`],
    ['packages/services/src/a.ts', `import { x } from '@clawbernetes/skills/x'`],
    ['packages/services/src/a.ts', `import { Server } from 'socket.io'`],
    ['packages/services/src/a.ts', `import http from 'node:http'`],
    ['packages/services/src/a.ts', `export { run } from 'graphile-worker'`],
    ['packages/skills/src/a.ts', `import { db } from '@clawbernetes/db/client'`],
    ['packages/skills/src/a.ts', `const { tool } = await import('@langchain/core/tools')`],
    ['apps/worker/src/a.ts', `import { db } from '@clawbernetes/db/client'`],
    ['apps/worker/src/a.ts', `import React from 'react'`],
    ['apps/node-agent/src/a.ts', `import { place } from '@clawbernetes/domain/placement/place'`],
    ['apps/web/app/page.tsx', `import { db } from '@clawbernetes/db/client'`],
    ['apps/web/realtime/a.ts', `import next from 'next'`],
    ['apps/web/features/fleet/a.tsx', `import { list } from '@clawbernetes/services/fleet/list-nodes'`],
    ['apps/web/app/a.tsx', `'use client'\nimport { list } from '@clawbernetes/services/fleet/list-nodes'`],
    ['apps/web/ui/a.tsx', `import { NodeCard } from '@/features/fleet/node-card'`],
    ['e2e/a.spec.ts', `import { list } from '@clawbernetes/services/fleet/list-nodes'`],
    ['packages/services/src/fleet/a.ts', `import { x } from '../../../domain/src/x'`],
    ['scripts/a.mjs', `import { x } from '../prisma/embedded.mjs'`],
  ])('refuses in %s: %s', (file, source) => {
    expect(problemsOf(file, source)).toHaveLength(1)
  })

  it.each([
    ['packages/protocol/src/a.ts', `import * as z from 'zod'\nimport { x } from './b'`],
    [
      'packages/domain/src/a.ts',
      `import { idOf } from '@clawbernetes/protocol/ids'\nexport const day = (ms) => new Date(ms)`,
    ],
    ['packages/domain/src/a.test.ts', `import { expect } from 'vitest'\nimport { readFileSync } from 'node:fs'`],
    ['packages/services/src/a.test.ts', `import { testDatabase } from '@clawbernetes/db/testing'`],
    ['apps/worker/src/a.test.ts', `import { testDatabase } from '@clawbernetes/db/testing'`],
    ['apps/web/features/fleet/a.tsx', `import type { NodeRow } from '@clawbernetes/services/fleet/list-nodes'`],
    ['apps/web/trpc/router.ts', `import { list } from '@clawbernetes/services/fleet/list-nodes'`],
    [
      'packages/services/src/a.ts',
      `// import http from 'node:http'\nexport const word = 'from'\nexport const other = 'node:http'`,
    ],
  ])('allows in %s: %s', (file, source) => {
    expect(problemsOf(file, source)).toEqual([])
  })

  it('says the line of the import', () => {
    const problems = boundaryProblems(
      new Map([['apps/worker/src/a.ts', `\n/* two\nlines */\nimport {\n  a,\n} from 'react'\n`]]),
    )
    expect(problems).toMatchObject([{ file: 'apps/worker/src/a.ts', line: 4 }])
  })
})
