/** What the tests know of the running product; handed from the set-up to the workers through the environment. */
export interface Running {
  url: string
  gatewayUrl: string
  email: string
  password: string
  /** File with the cookies of the demo's person. */
  storageState: string
  /** The Slack that the product knows; a fake of ours. */
  slackUrl: string
  /** Where the product writes its logs; null: not known to the tests. */
  logsDir: string | null
}

const VARIABLE = 'CLAWBERNETES_E2E'

export function setRunning(running: Running): void {
  process.env[VARIABLE] = JSON.stringify(running)
}

export function running(): Running {
  const text = process.env[VARIABLE]
  if (!text) throw new Error('the product is not running: start the tests with the Playwright configuration of e2e/')
  return JSON.parse(text) as Running
}
