import type { Block } from '@clawbernetes/protocol/views/blocks'
import { atWords } from '../at-words'
import type { AnswerPlace } from './answer-message'
import { type ChannelButton, type ChannelPart, linkButton } from './channel-message'
import { textTable } from './text-table'

const MAX_ROWS = 12
const MAX_LOG_LINES = 15
const MAX_ITEMS = 8
const VERDICT = { yes: '✓', no: '✕', unknown: '?', info: '·' } as const
type Of<T extends Block['type']> = Extract<Block, { type: T }>
type Told = Exclude<Block['type'], 'plan' | 'choice'>

/** One result as text, with a link to the page that has all of it. */
export function blockParts(block: Block, index: number, place: AnswerPlace): ChannelPart[] {
  if (block.type === 'plan') return []
  if (block.type === 'choice') return choice(block, index, place)
  const tell = TELL[block.type] as (b: Block) => ChannelPart[]
  const from = [block.source, `as of ${atWords(new Date(block.at))}`, block.demo ? 'demo' : null].filter(Boolean)
  return [
    { kind: 'words', text: `**${block.title.replace(/[*`\n]/g, ' ')}**` },
    ...tell(block),
    { kind: 'note', text: from.join(' · ') },
    { kind: 'buttons', nonce: `${place.nonce}.${index}`, items: [openButton(block.href, place)] },
  ]
}

function openButton(href: string | null, place: AnswerPlace): ChannelButton {
  const inside = href?.startsWith('/') && !href.startsWith('//') ? href : `/chat/${place.threadId}`
  return linkButton('Open', `${place.baseUrl}${inside}`)
}

const choice = (block: Of<'choice'>, index: number, place: AnswerPlace): ChannelPart[] => [
  { kind: 'plain', text: block.question },
  {
    kind: 'buttons',
    nonce: `${place.nonce}.${index}`,
    items: block.options.map((option, at) => ({
      act: 'choice',
      label: option.label,
      style: null,
      value: `${place.messageId}:${index}:${at}`,
      url: null,
      confirm: null,
    })),
  },
]

const TELL: { [T in Told]: (block: Of<T>) => ChannelPart[] } = {
  'fleet-summary': ({ nodes, gpus, workloads }) => [
    {
      kind: 'facts',
      items: [
        {
          label: 'Nodes',
          value: `${nodes.online} of ${nodes.total} online${nodes.degraded ? `, ${nodes.degraded} degraded` : ''}${nodes.offline ? `, ${nodes.offline} offline` : ''}`,
        },
        { label: 'GPUs', value: `${gpus.allocated} in use, ${gpus.free} free, ${gpus.unavailable} unavailable` },
        {
          label: 'Workloads',
          value: `${workloads.running} running, ${workloads.pending} waiting, ${workloads.failed} failed`,
        },
        {
          label: 'Models',
          value:
            gpus.byModel
              .slice(0, 6)
              .map((m) => `${m.model} ${m.free}/${m.total} free`)
              .join(', ') || '—',
        },
      ],
    },
  ],
  table: (block) => {
    const columns = block.columns.slice(0, 6)
    const rows = block.rows.slice(0, MAX_ROWS).map((row) =>
      columns.map((c) => {
        const value = row.cells[c.key]
        return value === null || value === undefined ? '—' : `${value}${c.unit ? ` ${c.unit}` : ''}`
      }),
    )
    const more = block.more + block.rows.length - rows.length
    return [{ kind: 'code', text: textTable(columns, rows) }, ...moreNote(more, 'row')]
  },
  timeseries: (block) => [
    {
      kind: 'code',
      text: textTable(
        [
          { label: 'Series', align: 'left' },
          { label: 'Lowest', align: 'right' },
          { label: 'Highest', align: 'right' },
          { label: 'Latest', align: 'right' },
        ],
        block.series.slice(0, MAX_ROWS).map((s) => {
          const known = s.values.filter((v) => v !== null)
          const shown = (v: number | undefined) => (v === undefined ? '—' : `${Number(v.toFixed(1))} ${block.unit}`)
          return known.length === 0
            ? [s.name, '—', '—', '—']
            : [s.name, shown(Math.min(...known)), shown(Math.max(...known)), shown(known.at(-1))]
        }),
      ),
    },
  ],
  'log-excerpt': (block) => [
    {
      kind: 'code',
      text: block.lines
        .slice(-MAX_LOG_LINES)
        .map((l) => `${l.at.slice(11, 19)} ${l.text.slice(0, 160)}`)
        .join('\n'),
    },
    ...moreNote(Math.max(0, block.lines.length - MAX_LOG_LINES), 'earlier line'),
  ],
  workload: (block) => [
    { kind: 'facts', items: [{ label: 'Status', value: block.status }, ...block.facts.slice(0, 9)] },
  ],
  reasons: (block) => [...lines(block.items.map((i) => `${VERDICT[i.verdict]} ${i.label}: ${i.reason}`))],
  diagnosis: (block) =>
    block.items.length === 0
      ? lines([`Nothing was found. Looked at: ${block.checked.join(', ')}.`])
      : lines(
          block.items.map((i) =>
            [`${i.severity === 'info' ? '·' : '◆'} ${i.title}`, i.detail, i.action ? `Advised: ${i.action}` : '']
              .filter(Boolean)
              .join('\n'),
          ),
        ),
  cost: (block) => [
    {
      kind: 'code',
      text: textTable(
        [
          { label: 'What', align: 'left' },
          { label: 'GPU-h', align: 'right' },
          { label: 'USD', align: 'right' },
        ],
        [
          ...block.rows
            .slice(0, MAX_ROWS)
            .map((r) => [r.label, r.gpuHours === null ? '—' : r.gpuHours.toFixed(1), usd(r.microUsd)]),
          ['Total', '', usd(block.totalMicroUsd)],
        ],
      ),
    },
    { kind: 'note', text: [block.period, block.basis, ...block.notes].join(' · ') },
  ],
  report: (block) => [
    { kind: 'plain', text: block.headline },
    { kind: 'facts', items: block.tiles.map((t) => ({ label: t.label, value: t.value })) },
    ...lines(block.sections.flatMap((s) => [s.title, ...s.items.map((i) => `· ${i.text}`)])),
    ...(block.notCollected.length > 0
      ? [{ kind: 'note' as const, text: `Not collected: ${block.notCollected.join(', ')}` }]
      : []),
  ],
  timeline: (block) => [
    ...lines(
      block.entries.slice(-MAX_ITEMS).map((e) => `${e.at.slice(11, 16)} ${e.label}${e.detail ? `: ${e.detail}` : ''}`),
    ),
    ...moreNote(block.more + Math.max(0, block.entries.length - MAX_ITEMS), 'earlier event'),
  ],
  'gpu-map': (block) => [
    {
      kind: 'code',
      text: block.nodes
        .slice(0, MAX_ROWS)
        .map((n) => `${n.name}  ${n.gpus.map((g) => (g.value === null ? '—' : Math.round(g.value))).join(' ')}`)
        .join('\n'),
    },
    { kind: 'note', text: `${block.metric}, ${block.unit}, one figure per GPU` },
  ],
  diff: (block) => [
    {
      kind: 'code',
      text: block.lines
        .filter((l) => l.kind !== 'same')
        .slice(0, 30)
        .map((l) => `${l.kind === 'added' ? '+' : '-'} ${l.text}`)
        .join('\n'),
    },
  ],
}

const lines = (items: readonly string[]): ChannelPart[] =>
  items.length === 0
    ? []
    : [
        { kind: 'plain', text: items.slice(0, MAX_ITEMS * 2).join('\n') },
        ...moreNote(Math.max(0, items.length - MAX_ITEMS * 2), 'line'),
      ]

const moreNote = (more: number, what: string): ChannelPart[] =>
  more > 0 ? [{ kind: 'note', text: `+${more} more ${what}${more === 1 ? '' : 's'}` }] : []

const usd = (micro: number | null): string => (micro === null ? 'unknown' : (micro / 1_000_000).toFixed(2))
