import { testDatabase } from '@clawbernetes/db/testing'
import { placementRows } from '@clawbernetes/worker/bench/placement.ts'

/** On the test server's database; its commits do not wait for the disk, so the figure is the product's own work. */
export async function* rows() {
  const database = await testDatabase()
  try {
    yield* placementRows(database.url, process.argv.includes('--quick'))
  } finally {
    await database.drop()
  }
}
