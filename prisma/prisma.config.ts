import { fileURLToPath } from 'node:url'
import { defineConfig } from 'prisma/config'

// Read before the CLI looks for its engine: nobody has to set a variable, and nothing is downloaded.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(new URL('./tools/schema-engine.mjs', import.meta.url))
process.env.CHECKPOINT_DISABLE = '1'

export default defineConfig({
  schema: 'schema',
  migrations: { path: 'migrations' },
  // `generate` and `validate` need no database; every other command fails with a clear message on this address.
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://set-DATABASE_URL@127.0.0.1:1/clawbernetes' },
})
