import type { Block } from '@clawbernetes/protocol/views/blocks'
import type { FindingView } from '@clawbernetes/protocol/views/finding'
import { adviceWords } from '../../src/registry/advice'
import { diagnosisItem } from '../../src/registry/diagnosis-items'
import type { Diagnosis, DiagnosedReading } from './diagnose-gpu'

const LISTED = 3
const num = (value: number): string => String(Math.round(value))

/** Two or three sentences; each figure stands in the data as it is. */
export function diagnosisSay(d: Diagnosis): string {
  const reading = d.gpu === null ? undefined : d.readings[0]
  const what =
    d.gpu === null ? `${d.checkedGpus} GPU${d.checkedGpus === 1 ? '' : 's'} of ${d.node}` : `GPU ${d.gpu} of ${d.node}`
  const lead = reading ? compared(d, reading) : ''
  if (d.checkedGpus === 0) return `${d.node} has no GPUs.`
  if (d.verdict === 'no-data')
    return `${what}: nothing was reported in the last minutes, so I can't judge ${d.gpu === null ? 'them' : 'it'} now.${counterWords(d)}`
  if (d.verdict === 'nothing-found')
    return `${what}: I find nothing wrong. ${lead}${checkedWords(d)}${counterWords(d)}${slowHint(d, reading)}`
  const found = d.findings.slice(0, LISTED).map((f) => `${f.title}: ${f.detail}.`.replace(/\.\.$/, '.'))
  const more = d.findings.length > LISTED ? ` ${d.findings.length - LISTED} more findings are below.` : ''
  const first = d.findings[0]
  const test = first?.nextTest ? ` Cheapest next test: ${first.nextTest}` : ''
  return `${lead}${found.join(' ')}${more} Confidence is ${first?.confidence ?? 'low'}.${test}${adviceWords(d.advice)}`
}

/** "GPU 2: utilisation 67 % (94 % on GPUs 0, 1, 3), 91 °C with −2 °C left." */
function compared(d: Diagnosis, r: DiagnosedReading): string {
  const n = d.neighbours
  const parts: string[] = []
  if (r.utilPct !== null)
    parts.push(
      `utilisation ${num(r.utilPct)} %${n && n.utilPct !== null ? ` (${num(n.utilPct)} % on ${n.sameWorkload ? '' : 'the like '}GPU${n.gpus.length === 1 ? '' : 's'} ${n.gpus.join(', ')})` : ''}`,
    )
  if (r.tempC !== null)
    parts.push(`${num(r.tempC)} °C${r.marginC === null ? '' : ` with ${num(r.marginC)} °C left to the slowdown`}`)
  if (r.smClockMhz !== null)
    parts.push(`clock ${num(r.smClockMhz)} MHz${n && n.smClockMhz !== null ? ` (${num(n.smClockMhz)} MHz)` : ''}`)
  return parts.length === 0 ? '' : `GPU ${r.gpu} over the last ${d.windowMin} minutes: ${parts.join(', ')}. `
}

function checkedWords(d: Diagnosis): string {
  const throttled = d.readings.filter((r) => (r.throttledPct ?? 0) > 0).length
  const unknown = d.readings.filter((r) => !r.reporting).length
  return [
    throttled === 0 ? 'No throttle reason that means trouble' : `${throttled} throttled for a moment`,
    d.xids.length === 0
      ? `no XID line in ${d.counterHours} h`
      : `XID in ${d.counterHours} h: ${d.xids.map((x) => `${x.code} (${x.count})`).join(', ')}`,
    unknown > 0 ? `${unknown} do not report` : '',
  ]
    .filter(Boolean)
    .join(', ')
    .concat('.')
}

/** "Corrected ECC errors (volatile): 47, was 12 a day ago": only what moved, and only like with like. */
function counterWords(d: Diagnosis): string {
  const moved = d.counters.filter((c) => c.growth24h > 0 && c.location === 'total').slice(0, LISTED)
  return moved
    .map(
      (c) =>
        ` GPU ${c.gpu} ${c.kind} (${c.scope}): ${c.now}, ${c.dayAgo === null ? 'not known a day ago' : `was ${c.dayAgo} a day ago`}${c.resets > 0 ? `, ${c.resets} restarts of the counter` : ''}.`,
    )
    .join('')
}

/** Slower than its neighbours without any reason of the hardware: said as what it is, a hint. */
function slowHint(d: Diagnosis, r: DiagnosedReading | undefined): string {
  const peers = d.neighbours?.utilPct
  if (!r || r.utilPct === null || peers === null || peers === undefined || peers - r.utilPct < 10) return ''
  return ' It does less than its neighbours, but nothing in its own readings says why: its rank may have less to do, or wait for data.'
}

/** The diagnosis itself, and the readings side by side. */
export function diagnosisBlocks(d: Diagnosis, findings: readonly FindingView[], demo: boolean, now: Date): Block[] {
  const meta = {
    at: now.toISOString(),
    source: `samples of the last ${d.windowMin} minutes, counters of 24 hours`,
    demo,
  }
  return [
    {
      type: 'diagnosis',
      title: d.gpu === null ? `Diagnosis of ${d.node}` : `Diagnosis of GPU ${d.gpu} of ${d.node}`,
      ...meta,
      href: `/nodes/${d.node}`,
      items: findings.slice(0, 20).map(diagnosisItem),
      checked: checkedList(d),
    },
    readingsTable(d, meta),
  ]
}

function checkedList(d: Diagnosis): string[] {
  const reasons = [...new Set(d.readings.flatMap((r) => r.throttleReasons))]
  return [
    `Readings of ${d.readings.filter((r) => r.reporting).length} of ${d.checkedGpus} GPUs`,
    d.neighbours ? `Neighbours: GPUs ${d.neighbours.gpus.join(', ')}` : 'No neighbour of the same model reports',
    reasons.length > 0 ? `Throttle reasons now: ${reasons.join(', ')}` : 'Throttle reasons now: none that mean trouble',
    `ECC and remapped rows: ${d.counters.some((c) => c.growth24h > 0) ? `grew within ${d.counterHours} h` : `no growth in ${d.counterHours} h`}`,
    `XID lines in ${d.counterHours} h: ${d.xids.reduce((sum, x) => sum + x.count, 0)}`,
  ]
}

function readingsTable(d: Diagnosis, meta: { at: string; source: string; demo: boolean }): Block {
  const round = (value: number | null) => (value === null ? null : Math.round(value))
  return {
    type: 'table',
    title: `Means over ${d.windowMin} minutes`,
    ...meta,
    href: `/nodes/${d.node}`,
    columns: [
      { key: 'gpu', label: 'GPU', align: 'left', unit: null },
      { key: 'util', label: 'Util', align: 'right', unit: '%' },
      { key: 'temp', label: 'Temp', align: 'right', unit: '°C' },
      { key: 'margin', label: 'Left', align: 'right', unit: '°C' },
      { key: 'clock', label: 'Clock', align: 'right', unit: 'MHz' },
      { key: 'power', label: 'Power', align: 'right', unit: 'W' },
      { key: 'throttled', label: 'Throttled', align: 'right', unit: '%' },
      { key: 'workload', label: 'Workload', align: 'left', unit: null },
    ],
    rows: d.readings.slice(0, 32).map((r) => ({
      href: `/nodes/${r.node}`,
      tone: d.findings.some((f) => f.gpu === r.gpu && f.severity === 'critical')
        ? 'critical'
        : d.findings.some((f) => f.gpu === r.gpu && f.severity === 'warning')
          ? 'warn'
          : r.reporting
            ? null
            : 'muted',
      cells: {
        gpu: `${r.gpu} · ${r.model}`,
        util: round(r.utilPct),
        temp: round(r.tempC),
        margin: round(r.marginC),
        clock: round(r.smClockMhz),
        power: round(r.powerW),
        throttled: round(r.throttledPct),
        workload: r.workload,
      },
    })),
    more: Math.max(0, d.readings.length - 32),
  }
}
