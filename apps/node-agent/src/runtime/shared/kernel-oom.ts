import { closeSync, constants, openSync, readSync } from 'node:fs'

/**
 * Does the kernel log say that the out-of-memory killer worked in a cgroup whose path holds `cgroupMark` (a container's
 * id)? A cgroup's own counters go with the cgroup, the log stays. null: the log cannot be read here, or may have lost it.
 */
export function kernelToldOom(cgroupMark: string, device = '/dev/kmsg'): boolean | null {
  let fd: number
  try {
    fd = openSync(device, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return null
  }
  try {
    return scan(fd, cgroupMark)
  } finally {
    closeSync(fd)
  }
}

/** One read gives one record; EAGAIN is the end of what is there, EPIPE says that older records were overwritten. */
function scan(fd: number, cgroupMark: string): boolean {
  const record = Buffer.alloc(8192)
  for (;;) {
    let length: number
    try {
      length = readSync(fd, record, 0, record.length, null)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') continue
      return false
    }
    if (length === 0) return false
    const text = record.toString('utf8', 0, length)
    if (text.includes('oom-kill:') && text.includes(cgroupMark)) return true
  }
}
