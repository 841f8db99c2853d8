import { removeDemo } from '@clawbernetes/services/demo/remove-demo'
import { DEMO_SLUG, seedDemo } from '@clawbernetes/services/demo/seed-demo'
import { openSystem } from '@clawbernetes/services/system-context'

/** Run by `npm start`: the last line on stdout is the result as JSON. */
const {
  DATABASE_URL: databaseUrl,
  BETTER_AUTH_SECRET: secret,
  DEMO_EMAIL: email,
  DEMO_PASSWORD: password,
} = process.env
if (!databaseUrl || !secret || !email || !password) {
  console.error('The seed needs DATABASE_URL, BETTER_AUTH_SECRET, DEMO_EMAIL and DEMO_PASSWORD.')
  process.exit(1)
}
const { sys, close } = openSystem(databaseUrl, 4)
try {
  if (process.argv.includes('--reset')) await removeDemo(sys, { slug: DEMO_SLUG })
  console.log(
    JSON.stringify(await seedDemo(sys, { scenario: process.env.DEMO_SCENARIO ?? 'fleet8', email, password, secret })),
  )
} finally {
  await close()
}
