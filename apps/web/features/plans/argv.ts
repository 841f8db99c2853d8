/** The argv as a reader would type it: quoted where a shell would need it, though no shell is involved. */
export function printArgv(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ')
}
