import { mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises'
import net from 'node:net'
import path from 'node:path'
import { StartFailure } from './failure.mjs'
import { ROOT } from './options.mjs'

const INSTALL_NEEDS_MIB = 2500
const RUN_NEEDS_MIB = 300

/**
 * Refuses early when the disks could not take what is about to be written.
 * @param {{ dataDir: string, willInstall: boolean }} what
 */
export async function checkDisk({ dataDir, willInstall }) {
  await checkSpace(ROOT, willInstall ? INSTALL_NEEDS_MIB : RUN_NEEDS_MIB)
  await checkSpace(dataDir, RUN_NEEDS_MIB)
}

async function checkSpace(folder, neededMib) {
  const { bavail, bsize } = await statfs(folder)
  const freeMib = Math.floor((bavail * bsize) / 1024 / 1024)
  if (freeMib < neededMib) {
    throw new StartFailure(
      `The disk of ${folder} has ${freeMib} MB left and ${neededMib} MB are needed: free some space and start again.`,
    )
  }
}

/** @param {{ port: number, host: string, gatewayPort: number, gatewayHost: string }} options */
export async function checkPorts({ port, host, gatewayPort, gatewayHost }) {
  await checkPort('PORT', port, host)
  await checkPort('GATEWAY_PORT', gatewayPort, gatewayHost)
}

async function checkPort(name, port, host) {
  const error = await tryListen(port, host)
  if (!error) return
  if (error.code === 'EACCES')
    throw new StartFailure(`Port ${port} needs more rights than this user has: choose one above 1023 with ${name}=…`)
  if (error.code === 'EADDRNOTAVAIL')
    throw new StartFailure(`This machine has no address ${host}: set HOST to one that it has, or to 0.0.0.0.`)
  if (error.code !== 'EADDRINUSE') throw error
  throw new StartFailure(
    `Port ${port} is in use by another program: choose another one, for example ${name}=${await freePortAbove(port)} npm start.`,
  )
}

function tryListen(port, host) {
  return new Promise((resolve) => {
    const server = net.createServer().once('error', resolve)
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
}

async function freePortAbove(port) {
  for (let candidate = port + 10; candidate < 65_536; candidate += 10) {
    if (!(await tryListen(candidate, '127.0.0.1'))) return candidate
  }
  return 0
}

/**
 * Makes this the only start over `dataDir`; returns how to give the place up.
 * @param {{ dataDir: string, publicUrl: string }} options
 */
export async function claim({ dataDir, publicUrl }) {
  await mkdir(dataDir, { recursive: true })
  const file = path.join(dataDir, 'running.json')
  const other = JSON.parse(await readFile(file, 'utf8').catch(() => 'null'))
  if (other && (await isStart(other.pid))) {
    throw new StartFailure(`Clawbernetes already runs from this folder, at ${other.url} (process ${other.pid}).`)
  }
  await writeFile(file, JSON.stringify({ pid: process.pid, url: publicUrl }))
  return () => rm(file, { force: true })
}

/** Whether the process is a start of ours and not a stranger that was given the same number later. */
async function isStart(pid) {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'start.mjs')
  return command.includes('start.mjs')
}
