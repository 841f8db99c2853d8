import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { request } from '@playwright/test'
import { setRunning } from './running'
import { type Product, startProduct } from './product'

const STATE_DIR = fileURLToPath(new URL('../test-results/state', import.meta.url))

/** One product for all tests, and one signed-in session that pages start from. */
async function globalSetup(): Promise<() => Promise<void>> {
  const product = alreadyRunning() ?? (await startProduct())
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
    await product.stop()
    throw error
  }
  setRunning({
    url: product.url,
    gatewayUrl: product.gatewayUrl,
    email: product.email,
    password: product.password,
    storageState,
  })
  return product.stop
}

/** E2E_URL, E2E_EMAIL and E2E_PASSWORD name a product that runs already: quicker while writing a test. */
function alreadyRunning(): Pick<Product, 'url' | 'gatewayUrl' | 'email' | 'password' | 'stop'> | undefined {
  const { E2E_URL: url, E2E_EMAIL: email, E2E_PASSWORD: password, E2E_GATEWAY_URL: gatewayUrl = '' } = process.env
  return url && email && password ? { url, gatewayUrl, email, password, stop: async () => {} } : undefined
}

export default globalSetup
