// What a person waits for: from pressing Send to the first words of the answer, in a real browser.
// BENCH_URL, BENCH_EMAIL and BENCH_PASSWORD name a product that runs already; without them one is started.
import { chromium } from '@playwright/test'
import { startProduct } from '@clawbernetes/e2e/harness/product.ts'

const QUESTIONS = ['which GPUs are free?', 'what is running?', 'list the nodes', 'what needs my attention?']
const WARM_UPS = 4
const ROUNDS = 10
const ROUNDS_QUICK = 3
const BAR_MS = 150
const READING_MS = 500
const ANSWER_TIMEOUT_MS = 20_000

export async function* rows() {
  const product = running() ?? (await startProduct())
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })
  try {
    const page = await signedIn(browser, product)
    const rounds = process.argv.includes('--quick') ? ROUNDS_QUICK : ROUNDS
    const times = []
    for (let turn = 0; turn < WARM_UPS + rounds * QUESTIONS.length; turn += 1) {
      const ms = await sendToFirstWords(page, QUESTIONS[turn % QUESTIONS.length])
      if (turn >= WARM_UPS) times.push(ms)
    }
    times.sort((a, b) => a - b)
    const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))]
    yield {
      figure: `send → first words on the screen, fleet8, embedded planner, ${times.length} answers`,
      value: `p50 ${Math.round(at(0.5))} ms, p95 ${Math.round(at(0.95))} ms`,
      bar: `p95 ≤ ${BAR_MS} ms`,
      met: at(0.95) <= BAR_MS,
      command: 'npm run bench -- screen',
    }
  } finally {
    await browser.close()
    await product.stop()
  }
}

function running() {
  const { BENCH_URL: url, BENCH_EMAIL: email, BENCH_PASSWORD: password } = process.env
  return url && email && password ? { url, email, password, stop: async () => {} } : undefined
}

async function signedIn(browser, { url, email, password }) {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 } })
  const answer = await context.request.post('/api/auth/sign-in/email', {
    data: { email, password },
    headers: { origin: url },
  })
  if (!answer.ok()) throw new Error(`the sign-in was refused: ${answer.status()}`)
  const page = await context.newPage()
  await page.goto('/chat')
  await page.getByLabel('Message the agent').waitFor()
  return page
}

/** Milliseconds between the press and the frame that shows words of the agent. */
async function sendToFirstWords(page, question) {
  await page.getByLabel('Message the agent').fill(question)
  await page.waitForFunction(() => !document.querySelector('button[aria-label="Stop"]'))
  // A person reads the answer before the next question.
  await page.waitForTimeout(READING_MS)
  return page.evaluate((timeoutMs) => {
    const log = document.querySelector('[role="log"]')
    const answers = () =>
      [...log.querySelectorAll('article')].filter((one) => one.querySelector('strong')?.textContent.includes('Agent'))
    const before = answers().length
    const startMs = performance.now()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no answer on the screen')), timeoutMs)
      const watch = new MutationObserver(() => {
        if (answers().length === before) return
        watch.disconnect()
        clearTimeout(timer)
        // The frame that is drawn next has the words in it.
        requestAnimationFrame(() => resolve(performance.now() - startMs))
      })
      watch.observe(log, { subtree: true, childList: true, characterData: true })
      document.querySelector('button[aria-label="Send"]').click()
    })
  }, ANSWER_TIMEOUT_MS)
}
