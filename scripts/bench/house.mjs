import { fileURLToPath } from 'node:url'
import { sourceFiles } from '../lint/source-files.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CODE = /^(apps|packages|prisma|scripts)\/.*\.(ts|tsx|mjs)$/
const NOT_OURS = /\.(test|spec)\.|\/testing|\/fixtures\/|\.d\.(ts|mts)$/
const COMMAND = 'npm run bench -- house'

/** How easy the house is to see: long files are where it stops being. */
export async function* rows() {
  const files = await sourceFiles(ROOT, CODE)
  const lengths = [...files]
    .filter(([file]) => !NOT_OURS.test(file))
    .map(([, text]) => text.split('\n').length - 1)
    .sort((a, b) => a - b)
  const at = (share) => lengths[Math.min(lengths.length - 1, Math.floor(lengths.length * share))]
  yield {
    figure: `lines per file, median of ${lengths.length}`,
    value: String(at(0.5)),
    peer: 'openstatus services 70, execa 54',
    bar: '150',
    met: at(0.5) <= 150,
    command: COMMAND,
  }
  yield {
    figure: 'lines per file, p90',
    value: String(at(0.9)),
    peer: 'openstatus services 203, execa 136',
    bar: '≤ 200',
    met: at(0.9) <= 200,
    command: COMMAND,
  }
  const longest = lengths.at(-1)
  yield {
    figure: 'lines of the longest file',
    value: String(longest),
    peer: 'openstatus services 936, execa 243',
    bar: '≤ 400',
    met: longest <= 400,
    command: COMMAND,
  }
}
