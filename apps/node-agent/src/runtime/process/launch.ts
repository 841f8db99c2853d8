import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { replicaName } from '../shared/observed'
import { writeJsonFile } from '../shared/json-file'
import { createCgroups, findCgroups, oomKillsIn, removeCgroups, cgroupFolders } from './cgroups'
import { openWriteEnds } from './output'
import { currentBootId, readStat } from './proc-table'
import type { ProcessChild, ProcessFiles, ProcessOrder } from './process-files'

/** Joins the cgroups and then becomes the command, so that nothing it starts can be outside; arguments only, nothing is composed. */
const JOIN_AND_BECOME =
  'n=$1; shift; while [ "$n" -gt 0 ]; do echo $$ > "$1" || exit 125; shift; n=$((n-1)); done; exec "$@"'

/** Starts the ordered command in its own session and writes down who it is. Throws what spawn throws. */
export async function launch(
  files: ProcessFiles,
  order: ProcessOrder,
): Promise<{ process: ChildProcess; child: ProcessChild }> {
  const name = replicaName(order.key)
  const host = findCgroups()
  removeCgroups(cgroupFolders(host, name))
  const { memoryMib, cpus, pidsMax } = order.spec
  const cgroups = createCgroups(host, name, { memoryMib, cpus, pidsMax })
  const oomKillsBefore = oomKillsIn(cgroups.folders) ?? 0
  const [file, args] = commandLine(order, cgroups.folders)
  const ends = openWriteEnds(files)
  mkdirSync(files.work, { recursive: true, mode: 0o700 })
  try {
    const started = spawn(file, args, {
      cwd: order.spec.workdir ?? files.work,
      env: order.env,
      detached: true,
      stdio: ['ignore', ends.stdout, ends.stderr],
    })
    const startedAtMs = Date.now()
    // At once: a process that has ended keeps its number only until this event loop takes its exit.
    const stat = started.pid === undefined ? null : readStat(started.pid)
    if (started.pid === undefined || !stat) throw await startError(started)
    const identity = { pid: started.pid, startTicks: stat.startTicks, bootId: currentBootId() }
    const child = { identity, startedAtMs, cgroups: cgroups.folders, oomKillsBefore, unenforced: cgroups.missed }
    writeJsonFile(files.child, child)
    return { process: started, child }
  } finally {
    ends.close()
  }
}

function commandLine(order: ProcessOrder, cgroups: string[]): [string, string[]] {
  const args = order.spec.command.slice(1)
  if (cgroups.length === 0) return [order.file, args]
  const joins = cgroups.map((folder) => path.join(folder, 'cgroup.procs'))
  return ['/bin/sh', ['-c', JOIN_AND_BECOME, 'clawbernetes', String(joins.length), ...joins, order.file, ...args]]
}

const startError = (started: ChildProcess) =>
  new Promise<Error>((resolve) => {
    started.once('error', resolve)
    started.once('exit', () => resolve(new Error('it ended before it could be seen')))
  })
