import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs'

const LIMIT_BYTES = 20 * 1024 * 1024

/** A log that is set aside as `<file>.1` when it has grown to 20 MB, so that a long run cannot fill the disk. */
export function openLog(file) {
  let handle = openSync(file, 'a')
  let size = statSync(file).size

  return {
    write(line) {
      if (handle === undefined) return
      const bytes = Buffer.from(`${line}\n`)
      if (size + bytes.length > LIMIT_BYTES) {
        closeSync(handle)
        renameSync(file, `${file}.1`)
        handle = openSync(file, 'a')
        size = 0
      }
      try {
        writeSync(handle, bytes)
        size += bytes.length
      } catch (error) {
        // A full disk must not take down the processes whose words no longer fit on it.
        if (error.code !== 'ENOSPC') throw error
      }
    },
    close() {
      if (handle !== undefined) closeSync(handle)
      handle = undefined
    },
  }
}
