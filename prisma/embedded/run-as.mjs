// Postgres refuses to run as root, so root starts it as the system user `postgres`; anybody else as themselves.
import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { DatabaseStartError } from './failures.mjs'

const exec = promisify(execFile)

/**
 * @typedef {{ status: number, output: string }} Outcome
 * @typedef {{ uid?: number, gid?: number, run: (file: string, args: string[]) => Promise<Outcome> }} Runner
 */

/**
 * How to run the server's programs on this machine, given the folders they must reach.
 * @param {string[]} folders
 * @returns {Promise<Runner>}
 */
export async function serverRunner(folders) {
  if (process.getuid?.() !== 0) return { run: (file, args) => outcome(file, args, {}) }
  const { uid, gid } = await postgresUser()
  const closed = await closedFolder(folders)
  if (!closed) return { uid, gid, run: (file, args) => outcome(file, args, { uid, gid, cwd: '/' }) }
  // A checkout under /root or a private home: root may let the server pass through closed folders without opening them.
  const pass = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
  pass.push('--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search')
  // access(2), by which initdb looks for its companions, forgets capabilities of other users without this.
  pass.push('--securebits=+no_setuid_fixup')
  const viaSetpriv = (file, args) => outcome('setpriv', [...pass, file, ...args], { cwd: '/' })
  const probes = await Promise.all(folders.map((folder) => viaSetpriv('test', ['-r', folder])))
  if (probes.every(({ status }) => status === 0)) return { uid, gid, run: viaSetpriv }
  throw new DatabaseStartError(
    `The embedded Postgres runs as the system user "postgres", which may not enter ${closed}: move the checkout to a folder every user may enter (for example /opt), or set DATABASE_URL.`,
  )
}

async function postgresUser() {
  const id = async (flag) => Number((await exec('id', [flag, 'postgres'])).stdout)
  try {
    return { uid: await id('-u'), gid: await id('-g') }
  } catch {
    const created = await outcome('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], {})
    if (created.status !== 0) {
      throw new DatabaseStartError(
        'Postgres refuses to run as root and the user "postgres" could not be created: start as an ordinary user, or set DATABASE_URL.',
      )
    }
    return { uid: await id('-u'), gid: await id('-g') }
  }
}

/** The first folder on the way that other users may not enter, or undefined. */
async function closedFolder(folders) {
  for (const folder of folders) {
    for (
      let at = path.resolve(folder), parent = path.dirname(at);
      parent !== at;
      at = parent, parent = path.dirname(at)
    ) {
      const { mode } = await stat(parent)
      if ((mode & 0o001) === 0) return parent
    }
  }
  return undefined
}

function outcome(file, args, options) {
  return new Promise((resolve) => {
    execFile(file, args, { ...options, encoding: 'utf8' }, (error, stdout, stderr) => {
      const status = error ? (typeof error.code === 'number' ? error.code : 127) : 0
      resolve({ status, output: [stdout, stderr, status === 127 && error ? error.message : ''].join('').trim() })
    })
  })
}
