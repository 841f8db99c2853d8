import { type Block, block as blockSchema } from '@clawbernetes/protocol/views/blocks'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { ResultBlock, type ResultBlockData } from './result-block'

const at = '2026-11-22T14:00:00.000Z'
const meta = { title: 'Title', at, source: 'last samples', href: '/gpus', demo: false }
const evidence = { text: 'ECC 47', atMs: null, value: 47, threshold: 10, unit: 'errors', line: '<b>raw</b>' }

/** One of each kind, and words that must be readable in it. */
const SAMPLES: { [K in ResultBlockData['type']]: [Extract<Block, { type: K }>, string[]] } = {
  'fleet-summary': [
    {
      type: 'fleet-summary',
      ...meta,
      nodes: { total: 8, online: 7, degraded: 1, offline: 1, cordoned: 0 },
      gpus: {
        total: 32,
        allocated: 18,
        free: 14,
        unavailable: 0,
        byModel: [{ model: 'A100-80GB', total: 24, free: 9 }],
      },
      workloads: { running: 12, pending: 3, failed: 0 },
    },
    ['1 degraded', 'A100-80GB: 9 of 24 free'],
  ],
  table: [
    {
      type: 'table',
      ...meta,
      columns: [{ key: 'gpu', label: 'GPU', align: 'left', unit: null }],
      rows: [{ href: '/gpus?gpu=1', cells: { gpu: null }, tone: 'warn' }],
      more: 3,
    },
    ['GPU', '—', '3 more not shown'],
  ],
  timeseries: [
    {
      type: 'timeseries',
      ...meta,
      unit: '%',
      from: at,
      to: '2026-11-22T15:00:00.000Z',
      times: [at],
      series: [{ name: 'GPU 0', values: [null] }],
      thresholds: [{ label: 'limit', value: 90 }],
    },
    ['GPU 0', 'limit'],
  ],
  'log-excerpt': [
    { type: 'log-excerpt', ...meta, lines: [{ at, stream: 'stdout', level: null, text: '<i>x</i>' }], dropped: 2 },
    ['&lt;i&gt;x&lt;/i&gt;', '2 lines were dropped'],
  ],
  workload: [
    {
      type: 'workload',
      ...meta,
      workloadId: 'wl_1',
      name: 'train-a',
      status: 'running',
      facts: [{ label: 'GPUs', value: '4' }],
    },
    ['train-a', 'Running', 'GPUs'],
  ],
  reasons: [
    { type: 'reasons', ...meta, items: [{ label: 'node-01', verdict: 'no', reason: 'has no room' }] },
    ['node-01', 'has no room'],
  ],
  diagnosis: [
    {
      type: 'diagnosis',
      ...meta,
      items: [
        {
          severity: 'warning',
          title: 'Memory errors rise',
          detail: 'They do.',
          href: null,
          confidence: 'high',
          for: [evidence],
          against: [],
          hypotheses: ['A weak row'],
          nextTest: 'Run dcgmi',
          action: 'Drain it',
        },
        {
          severity: 'info',
          title: 'A guess',
          detail: '',
          href: null,
          confidence: 'low',
          for: [],
          against: [],
          hypotheses: [],
          nextTest: null,
          action: null,
        },
      ],
      checked: ['XID events'],
    },
    ['confidence high', 'hypothesis, no evidence stored', 'A weak row', '&lt;b&gt;raw&lt;/b&gt;', 'XID events'],
  ],
  cost: [
    {
      type: 'cost',
      ...meta,
      period: 'today',
      basis: 'measured',
      rows: [{ label: 'train-a', href: null, gpuHours: 32, microUsd: null, arithmetic: '8 GPU × 4 h' }],
      totalMicroUsd: 38_400_000,
      notes: ['Without power.'],
    },
    ['8 GPU × 4 h', '—', '$38.40', 'Without power.'],
  ],
  report: [
    {
      type: 'report',
      ...meta,
      period: 'today',
      headline: 'All is well.',
      tiles: [{ label: 'Nodes', value: '8', note: null, tone: 'ok' }],
      sections: [{ title: 'Look at', items: [{ text: 'node-06', tone: 'warn', href: '/nodes/node-06' }] }],
      notCollected: ['NVLink'],
    },
    ['All is well.', 'node-06', 'Not collected: NVLink'],
  ],
  timeline: [
    {
      type: 'timeline',
      ...meta,
      entries: [{ at, label: 'XID 79', detail: 'fell off the bus', tone: 'critical', href: null, untrusted: true }],
      more: 0,
    },
    ['XID 79', 'The machine wrote:', 'fell off the bus'],
  ],
  'gpu-map': [
    {
      type: 'gpu-map',
      ...meta,
      metric: 'Utilisation',
      unit: '%',
      min: 0,
      max: 100,
      nodes: [{ name: 'node-01', href: null, gpus: [{ index: 0, value: null, tone: 'critical' }] }],
    },
    ['node-01', 'GPU 0: —', 'not collected'],
  ],
  diff: [{ type: 'diff', ...meta, lines: [{ kind: 'added', text: 'replicas: 2' }] }, ['added: ', 'replicas: 2']],
}

test.each(Object.entries(SAMPLES))('a %s block is readable', (_, [block, words]) => {
  expect(blockSchema.safeParse(block).success).toBe(true)
  const html = renderToStaticMarkup(<ResultBlock block={block} />)
  for (const word of [...words, 'Title', 'as of']) expect(html).toContain(word)
})

test('a kind from the future is told in words and kept as data', () => {
  const unknown = { ...SAMPLES.diff[0], type: 'hologram', note: 'three dimensions' } as unknown as ResultBlockData
  const html = renderToStaticMarkup(<ResultBlock block={unknown} />)
  expect(html).toContain('three dimensions')
  expect(html).toContain('All of its data')
})
