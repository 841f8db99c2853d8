// What goes wrong when Postgres starts, each as one sentence a person can act on.

/** Says in its message what to do; its stack is of no use to the reader. */
export class DatabaseStartError extends Error {
  name = 'DatabaseStartError'
}

const KNOWN = [
  [
    /No space left on device|could not write to file .*: No space/i,
    () => 'The disk is full: Postgres could not write its data. Free some space and start again.',
  ],
  [/database files are incompatible with server|was initialized by PostgreSQL version/i, versionSentence],
  [
    /cannot execute|GLIBC_|error while loading shared libraries|Exec format error|ENOENT/i,
    (dir, log) =>
      `The Postgres that npm installed does not run on this machine (${lastLine(log)}): set DATABASE_URL to a Postgres 15 or newer.`,
  ],
  [
    /could not create shared memory|Cannot allocate memory|out of memory/i,
    () => 'There is not enough memory to start Postgres: it needs about 300 MB.',
  ],
  [
    /PANIC|invalid (primary )?checkpoint|could not (open|read) (file|directory)|invalid data in file|is not a database cluster directory|could not find the database system|control file|bogus data/i,
    damagedSentence,
  ],
]

/** Turns the tail of a server log or of a program's output into an error with one clear sentence. */
export function startFailure(dataDir, log) {
  for (const [pattern, sentence] of KNOWN) {
    if (pattern.test(log)) return new DatabaseStartError(sentence(dataDir, log))
  }
  return new DatabaseStartError(
    `Postgres did not start: ${lastLine(log) || 'it said nothing'} (its log is in ${dataDir}).`,
  )
}

export function versionSentence(dataDir) {
  return `The data in ${dataDir} was written by another version of Postgres: use the version of Clawbernetes that wrote it, or move the folder away to start empty.`
}

export function damagedSentence(dataDir) {
  return `The database in ${dataDir} is damaged: put a backup in its place, or move the folder away to start empty.`
}

function lastLine(log) {
  const lines = log
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  return (lines.findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? lines.at(-1) ?? '').replace(
    /^.*?(FATAL|PANIC):\s*/,
    '',
  )
}
