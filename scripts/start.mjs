// `npm start`: from a bare clone to a running product. This file parses on any Node, so that an old one is told so
// in a sentence; everything else is in scripts/start/.
const MINIMUM = [20, 19]

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])) {
  process.stderr.write(
    `Clawbernetes needs Node ${MINIMUM.join('.')} or newer, and this is Node ${process.versions.node}.\n`,
  )
  process.exitCode = 1
} else {
  void import('./start/launch.mjs').then(({ launch }) => launch(process.argv.slice(2)))
}
