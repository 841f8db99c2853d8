import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { request } from '@playwright/test'
import { type FakeSlack, fakeSlack } from './fake-slack'
import { setRunning } from './running'
import { type Product, startProduct } from './product'

const STATE_DIR = fileURLToPath(new URL('../test-results/state', import.meta.url))

/** One product for all tests, and one signed-in session that pages start from. */
async function globalSetup(): Promise<() => Promise<void>> {
  const slack = await fakeSlack({ port: Number(process.env.E2E_SLACK_PORT ?? 0) })
  const product = alreadyRunning() ?? (await started(slack))
  const stop = async () => {
    await product.stop()
    await slack.close()
  }
  const storageState = path.join(STATE_DIR, 'demo.json')
  try {
    await mkdir(STATE_DIR, { recursive: true })
    const context = await request.newContext({ baseURL: product.url, extraHTTPHeaders: { origin: product.url } })
    const { email, password } = product
    const response = await context.post('/api/auth/sign-in/email', { data: { email, password } })
    if (!response.ok()) throw new Error(`the demo sign-in was refused: ${response.status()} ${await response.text()}`)
    await context.storageState({ path: storageState })
    await context.dispose()
  } catch (error) {
    await stop()
    throw error
  }
  setRunning({
    url: product.url,
    gatewayUrl: product.gatewayUrl,
    email: product.email,
    password: product.password,
    storageState,
    slackUrl: slack.url,
    logsDir: product.logsDir,
  })
  return stop
}

async function started(slack: FakeSlack): Promise<Found> {
  try {
    const product = await startProduct({ env: { SLACK_API_URL: slack.url } })
    return { ...product, logsDir: path.join(product.dataDir, 'logs') }
  } catch (error) {
    await slack.close()
    throw error
  }
}

type Found = Pick<Product, 'url' | 'gatewayUrl' | 'email' | 'password' | 'stop'> & { logsDir: string | null }

/**
 * E2E_URL, E2E_EMAIL and E2E_PASSWORD name a product that runs already: quicker while writing a test. With E2E_SLACK_PORT its
 * SLACK_API_URL is to be http://127.0.0.1:<port>/api/.
 */
function alreadyRunning(): Found | undefined {
  const { E2E_URL: url, E2E_EMAIL: email, E2E_PASSWORD: password, E2E_GATEWAY_URL: gatewayUrl = '' } = process.env
  const logsDir = process.env.E2E_LOGS_DIR ?? null
  return url && email && password ? { url, gatewayUrl, email, password, logsDir, stop: async () => {} } : undefined
}

export default globalSetup
