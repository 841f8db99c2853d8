import { join } from 'node:path'
import { AmdDriver } from './amd/amd-driver'
import { CpuDriver } from './cpu-driver'
import { HostReader } from './host'
import { kernelWatch } from './kernel/kernel-watch'
import { KnownGpus } from './known-gpus'
import type { MachineDriver } from './machine-driver'
import { NvidiaDriver } from './nvidia/nvidia-driver'
import { runTool } from './run-tool'

const PROBE_TIMEOUT_MS = 15_000

/**
 * The driver of this machine: NVIDIA where nvidia-smi exists, AMD where rocm-smi does, otherwise none. A tool that is
 * there and fails still decides: its GPUs are unreadable, not absent.
 * @param diskPath whose file system counts as the machine's disk
 */
export async function detectDriver(stateDir: string, diskPath: string): Promise<MachineDriver> {
  const host = new HostReader(diskPath)
  const kernel = kernelWatch({ bootId: host.bootId() })
  const known = new KnownGpus(join(stateDir, 'gpus.json'))
  const nvidia = await runTool('nvidia-smi', ['-L'], PROBE_TIMEOUT_MS)
  if (!nvidia.missing && (nvidia.code === 0 || nvidia.timedOut || known.list(host.bootId()).length > 0))
    return new NvidiaDriver({ host, kernel, known })
  const amd = await runTool('rocm-smi', ['--showuniqueid', '--json'], PROBE_TIMEOUT_MS)
  if (!amd.missing && /"card\d+"/.test(amd.stdout)) return new AmdDriver({ host, kernel, known })
  if (!nvidia.missing) return new NvidiaDriver({ host, kernel, known })
  return new CpuDriver({ host, kernel })
}
