// `npm run bench`: takes the figures that decide whether the product is ahead of its field and prints them as a table.
// `npm run bench -- start telemetry` takes only those; each file in scripts/bench/ is one of them.
import { readdir } from 'node:fs/promises'
import { cpus, platform, release, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { register } from 'tsx/esm/api'

/**
 * @typedef {object} Row
 * @property {string} figure     what was measured
 * @property {string} value      with its unit
 * @property {string} [peer]     the same of another program in the same run, or why there is none
 * @property {string} [ratio]    to the peer, above 1 is ahead
 * @property {string} [bar]      what it should be
 * @property {boolean} [met]
 * @property {string} command    how to take it again
 */

register()
const folder = new URL('./bench/', import.meta.url)
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const known = (await readdir(fileURLToPath(folder)))
  .filter((file) => /\.(mjs|ts)$/.test(file) && !/\.test\./.test(file))
  .sort()
const unknown = wanted.filter((name) => !known.some((file) => areaOf(file) === name))
if (unknown.length > 0) {
  process.stderr.write(`There is no figure "${unknown[0]}": choose from ${known.map(areaOf).join(', ')}.\n`)
  process.exit(1)
}

process.stdout.write(
  `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 1024 ** 3)} GB, `,
)
process.stdout.write(`${platform()} ${release()}, Node ${process.versions.node}, ${new Date().toISOString()}\n`)
process.stdout.write('Timings on a shared machine are noisy: read medians and ratios.\n\n')
process.stdout.write(
  '| area | figure | value | peer | ratio | bar | met | command |\n|---|---|---|---|---|---|---|---|\n',
)
let failed = false
for (const file of known.filter((name) => wanted.length === 0 || wanted.includes(areaOf(name)))) {
  try {
    const { rows } = await import(new URL(file, folder).href)
    for await (const row of rows()) process.stdout.write(`${line(areaOf(file), row)}\n`)
  } catch (error) {
    failed = true
    process.stdout.write(
      `${line(areaOf(file), {
        figure: 'not taken',
        value: String(error.message)
          .split('\n')
          .find((text) => text.trim() !== ''),
        command: `npm run bench -- ${areaOf(file)}`,
      })}\n`,
    )
  }
}
process.exit(failed ? 1 : 0)

function areaOf(file) {
  return file.replace(/\.(mjs|ts)$/, '')
}

/** @param {string} area @param {Row} row */
function line(area, { figure, value, peer = '', ratio = '', bar = '', met, command }) {
  const verdict = met === undefined ? '' : met ? 'yes' : 'no'
  const cells = [area, figure, value, peer, ratio, bar, verdict, `\`${command}\``]
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`
}
