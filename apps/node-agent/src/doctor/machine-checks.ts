import { accessSync, closeSync, constants, existsSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { runTool } from '../machine/run-tool'
import { type Finding, fail, ok, skip, warn } from './finding'

const GIB = 1024 ** 3
const LEAST_FREE_GIB = 5
const OLDEST_NODE = [20, 19] as const
const TOOL_TIMEOUT_MS = 15_000

export function nodeVersion(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]))
    return ok('node', `Node.js ${version}`)
  return fail(
    'node',
    `Node.js ${version} is too old; ${OLDEST_NODE.join('.')} or newer is needed.`,
    'Install Node.js 22: https://nodejs.org/en/download',
  )
}

/** Display and 3D controllers by vendor, from the PCI bus itself: there whether or not a driver is. */
export function gpusOnBus(pciRoot = '/sys/bus/pci/devices'): { nvidia: number; amd: number } {
  const found = { nvidia: 0, amd: 0 }
  const devices = existsSync(pciRoot) ? readdirSync(pciRoot) : []
  for (const device of devices) {
    const read = (name: string) => {
      try {
        return readFileSync(join(pciRoot, device, name), 'utf8').trim()
      } catch {
        return ''
      }
    }
    // 0x03xxxx: display controllers; 0x1200xx: processing accelerators (Instinct).
    if (!/^0x(?:03|12)/.test(read('class'))) continue
    const vendor = read('vendor')
    if (vendor === '0x10de') found.nvidia++
    if (vendor === '0x1002') found.amd++
  }
  return found
}

export async function gpuDriver(onBus = gpusOnBus()): Promise<Finding> {
  const smi = await runTool('nvidia-smi', ['-L'], TOOL_TIMEOUT_MS)
  const text = `${smi.stdout}${smi.stderr}`
  if (!smi.missing) {
    if (smi.timedOut)
      return fail(
        'driver',
        'nvidia-smi does not answer: the driver hangs.',
        'Look at `dmesg | grep -i xid`, then restart the machine.',
      )
    if (/version mismatch/i.test(text))
      return fail(
        'driver',
        'The NVIDIA kernel module and libraries are of different versions.',
        'Restart the machine so that the new kernel module is loaded.',
      )
    if (smi.code !== 0)
      return fail(
        'driver',
        `nvidia-smi fails: ${text.trim().split('\n')[0] ?? 'no message'}`,
        'Install the NVIDIA driver again: https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/',
      )
    return ok(
      'driver',
      `NVIDIA driver answers for ${smi.stdout.split('\n').filter((line) => line.startsWith('GPU ')).length} GPUs`,
    )
  }
  const rocm = await runTool('rocm-smi', ['--showuniqueid', '--json'], TOOL_TIMEOUT_MS)
  if (!rocm.missing && rocm.code === 0) return ok('driver', 'rocm-smi answers')
  if (onBus.nvidia > 0)
    return fail(
      'driver',
      `${onBus.nvidia} NVIDIA devices are on the PCI bus, but there is no nvidia-smi.`,
      'apt-get install -y nvidia-driver nvidia-smi   (Debian; elsewhere see https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/)',
    )
  if (onBus.amd > 0)
    return warn(
      'driver',
      `${onBus.amd} AMD devices are on the PCI bus, but rocm-smi does not answer.`,
      'apt-get install -y rocm-smi',
    )
  return skip('driver', 'No GPU on the PCI bus: this is a CPU node.')
}

const KMSG_FIX = 'Run the agent as root, or allow it: sysctl -w kernel.dmesg_restrict=0'

export async function kernelLog(kmsgPath = '/dev/kmsg'): Promise<Finding> {
  try {
    closeSync(openSync(kmsgPath, constants.O_RDONLY | constants.O_NONBLOCK))
    return ok('kernel-log', 'The kernel log can be read: GPU errors (XID) will be seen.')
  } catch {
    const dmesg = await runTool('dmesg', [], TOOL_TIMEOUT_MS)
    if (dmesg.code === 0)
      return warn(
        'kernel-log',
        '/dev/kmsg cannot be read; dmesg can, so GPU errors (XID) are seen up to ten seconds late.',
        KMSG_FIX,
      )
    return fail('kernel-log', 'The kernel log cannot be read: GPU errors (XID) will not be seen.', KMSG_FIX)
  }
}

export async function disk(path: string): Promise<Finding> {
  const id = `disk ${path}`
  const found = await statfs(path).catch(() => null)
  if (!found) return fail(id, `${path} is not there.`, `mkdir -p ${path}`)
  const freeGib = (found.bavail * found.bsize) / GIB
  const share = found.blocks > 0 ? found.bavail / found.blocks : 1
  const summary = `${freeGib.toFixed(1)} GiB free on the file system of ${path}`
  return freeGib < LEAST_FREE_GIB || share < 0.05
    ? warn(id, summary, `Free some space: du -xh ${path} | sort -h | tail`)
    : ok(id, summary)
}

export function writable(path: string, what: string): Finding {
  const id = `writable ${path}`
  try {
    accessSync(path, constants.W_OK)
    return ok(id, `${what} ${path} can be written to`)
  } catch {
    return fail(
      id,
      `${what} ${path} cannot be written to by this user.`,
      `chown ${process.getuid?.() ?? '$(id -u)'} ${path}`,
    )
  }
}

export function cgroups(root = '/sys/fs/cgroup'): Finding {
  if (existsSync(join(root, 'cgroup.controllers'))) return ok('cgroups', 'cgroup v2')
  if (existsSync(join(root, 'memory')))
    return warn(
      'cgroups',
      'cgroup v1: limits work, but newer engines and crun refuse it.',
      'Boot with systemd.unified_cgroup_hierarchy=1 on the kernel command line.',
    )
  return warn(
    'cgroups',
    'No cgroup hierarchy is mounted: memory and CPU limits of plain processes are not enforced by the kernel.',
    'Run the agent where /sys/fs/cgroup is mounted.',
  )
}
