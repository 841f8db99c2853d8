import http from 'node:http'

const DEFAULTS = {
  CLAWBERNETES_TEST_DOCKER: 'unix:///var/run/docker.sock',
  CLAWBERNETES_TEST_PODMAN: 'unix:///run/podman/podman.sock',
}
const IMAGE = 'localhost/bb:1'
const NAMES = { CLAWBERNETES_TEST_DOCKER: 'Docker', CLAWBERNETES_TEST_PODMAN: 'Podman' }

/**
 * The container engines that answer and hold the test image, as variables for the tests, and a line that says so.
 * @returns {Promise<{ env: Record<string, string>, sentence: string }>}
 */
export async function findEngines() {
  const image = process.env.CLAWBERNETES_TEST_IMAGE || IMAGE
  const env = {}
  for (const [name, usual] of Object.entries(DEFAULTS)) {
    const address = process.env[name] || usual
    if (await hasImage(address, image)) env[name] = address
  }
  const found = Object.keys(env).map((name) => NAMES[name])
  if (found.length === 0) {
    return {
      env,
      sentence:
        'Container tests are skipped: no engine with the test image answers; scripts/ci/engines.sh starts them (as root, on Debian).',
    }
  }
  const missing = Object.values(NAMES).filter((name) => !found.includes(name))
  const rest = missing.length > 0 ? `; not with ${missing.join(' and ')}, which does not answer` : ''
  return {
    env: { ...env, CLAWBERNETES_TEST_IMAGE: image },
    sentence: `Container tests run with ${found.join(' and ')}${rest}.`,
  }
}

function hasImage(address, image) {
  return new Promise((resolve) => {
    const request = http.get({
      socketPath: address.replace(/^unix:\/\//, ''),
      path: `/v1.41/images/${encodeURIComponent(image)}/json`,
      timeout: 5_000,
    })
    request.once('response', (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    request.once('timeout', () => request.destroy())
    request.once('error', () => resolve(false))
  })
}
