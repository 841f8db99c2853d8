import { access, constants } from 'node:fs/promises'
import { runTool } from '../start/run-tool.mjs'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const isProgram = (file) =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  )

/**
 * A Chromium to test with: CHROMIUM_PATH, one that is installed, or Debian's, installed now when that is allowed.
 * @returns {Promise<{ path?: string, sentence?: string }>}
 */
export async function findBrowser(progress) {
  const installed = await firstOf([process.env.CHROMIUM_PATH, ...PLACES].filter(Boolean))
  if (installed) return { path: installed }
  if (process.getuid?.() === 0 && (await isProgram('/usr/bin/apt-get'))) {
    await progress.step('Installing Chromium from Debian', installChromium)
    const now = await firstOf(PLACES)
    if (now) return { path: now }
  }
  return {
    sentence:
      'Browser tests are skipped: there is no Chromium here. Install it (apt-get install chromium) or set CHROMIUM_PATH.',
  }
}

async function installChromium() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await runTool('apt-get', ['update', '-qq'], { env })
  await runTool('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation'], { env })
}

async function firstOf(files) {
  for (const file of files) if (await isProgram(file)) return file
  return undefined
}
