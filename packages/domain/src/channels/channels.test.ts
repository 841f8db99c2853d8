import type { Block } from '@clawbernetes/protocol/views/blocks'
import { block as blockSchema } from '@clawbernetes/protocol/views/blocks'
import { describe, expect, it } from 'vitest'
import { answerMessage } from './answer-message'
import { refusalInChannel } from './channel-approval'
import { discordInvite, isPrivateAddress, slackManifest } from './channel-setup'
import { discordMessage, escapeDiscord, readDiscordAct } from './discord-message'
import { escapeSlack, slackMessage, slices } from './slack-message'
import { wordsFromSlack } from './slack-words'
import { textTable } from './text-table'
import { wordSpans } from './word-spans'

const BASE = 'https://claw.example'
const at = '2026-11-22T18:00:00.000Z'
const meta = { title: 'T', at, source: null, href: null, demo: false }

/** One of each kind; a new kind of block fails here until a chat can show it. */
const BLOCKS: { [T in Block['type']]: Extract<Block, { type: T }> } = {
  plan: { type: 'plan', planId: 'plan_1' },
  choice: { type: 'choice', question: 'Which?', options: [{ label: 'One', send: 'one' }] },
  'fleet-summary': {
    type: 'fleet-summary',
    ...meta,
    nodes: { total: 8, online: 7, degraded: 1, offline: 1, cordoned: 0 },
    gpus: { total: 40, allocated: 30, free: 8, unavailable: 2, byModel: [{ model: 'A100', total: 40, free: 8 }] },
    workloads: { running: 3, pending: 1, failed: 0 },
  },
  table: {
    type: 'table',
    ...meta,
    columns: [{ key: 'a', label: 'Name', align: 'left', unit: null }],
    rows: Array.from({ length: 40 }, (_, i) => ({ href: null, cells: { a: `row ${i} <!channel>` }, tone: null })),
    more: 7,
  },
  timeseries: {
    type: 'timeseries',
    ...meta,
    unit: '%',
    from: at,
    to: at,
    times: [at, at],
    series: [
      { name: 'gpu', values: [null, 41.27] },
      { name: 'unread', values: [null, null] },
    ],
    thresholds: [],
  },
  'log-excerpt': {
    type: 'log-excerpt',
    ...meta,
    lines: [{ at, stream: 'stdout', level: null, text: '``` @everyone <!here> ```' }],
    dropped: 0,
  },
  workload: {
    type: 'workload',
    ...meta,
    workloadId: 'wl',
    name: 'w',
    status: 'running',
    facts: [{ label: 'GPUs', value: '4' }],
  },
  reasons: { type: 'reasons', ...meta, items: [{ label: 'node-01', verdict: 'no', reason: 'full' }] },
  diagnosis: { type: 'diagnosis', ...meta, items: [], checked: ['clocks'] },
  cost: {
    type: 'cost',
    ...meta,
    period: 'today',
    basis: 'list-price',
    rows: [{ label: 'a', href: null, gpuHours: null, microUsd: null, arithmetic: null }],
    totalMicroUsd: null,
    notes: [],
  },
  report: {
    type: 'report',
    ...meta,
    period: 'today',
    headline: 'Fine',
    tiles: [{ label: 'Nodes', value: '8', note: null, tone: null }],
    sections: [],
    notCollected: ['power'],
  },
  timeline: {
    type: 'timeline',
    ...meta,
    entries: [{ at, label: 'Started', detail: null, tone: null, href: null, untrusted: false }],
    more: 3,
  },
  'gpu-map': {
    type: 'gpu-map',
    ...meta,
    metric: 'Temperature',
    unit: '°C',
    min: 0,
    max: 90,
    nodes: [{ name: 'node-01', href: null, gpus: [{ index: 0, value: null, tone: null }] }],
  },
  diff: { type: 'diff', ...meta, lines: [{ kind: 'added', text: 'x' }] },
}
const place = { baseUrl: BASE, nonce: 'n', messageId: 'msg_1', threadId: 'thr_1' }
const answerOf = (block: Block, text = '') =>
  answerMessage({ text, blocks: [block], error: null, stopped: false }, place)

describe('answers outside the web', () => {
  it.each(Object.values(BLOCKS))('shows a $type in Slack and Discord within their limits', (block) => {
    expect(blockSchema.safeParse(block).success).toBe(true)
    const slack = slackMessage(answerOf(block), BASE)
    expect(slack.blocks.length).toBeGreaterThan(0)
    for (const b of slack.blocks) {
      const text = (b.text as { text?: string } | undefined)?.text
      if (text !== undefined) expect(text.length).toBeLessThanOrEqual(3000)
    }
    const [embed] = discordMessage(answerOf(block), BASE).embeds
    const size = JSON.stringify(embed).length
    expect(size).toBeLessThanOrEqual(6000)
    expect(embed?.description).toBeTruthy()
  })

  it('says how much more there is, and what is unknown is never zero', () => {
    expect(JSON.stringify(answerOf(BLOCKS.table))).toContain('+35 more rows')
    expect(JSON.stringify(answerOf(BLOCKS.timeseries))).toContain('—')
    expect(JSON.stringify(answerOf(BLOCKS.cost))).toContain('unknown')
  })

  it('keeps the longest answer within the limits', () => {
    const long = `${'word '.repeat(6000)}&<>*`
    const slack = slackMessage(answerOf(BLOCKS.choice, long), BASE)
    expect(slack.blocks.length).toBeLessThanOrEqual(50)
    for (const b of slack.blocks)
      expect(((b.text as { text?: string } | undefined)?.text ?? '').length).toBeLessThanOrEqual(3000)
    expect(JSON.stringify(discordMessage(answerOf(BLOCKS.choice, long), BASE).embeds).length).toBeLessThanOrEqual(6000)
    for (const piece of slices(`${'&lt;'.repeat(3000)}`, 100)) expect(piece).not.toMatch(/^(t;|lt;|;)/)
  })

  it('leads only into this installation', () => {
    expect(
      wordSpans('[ok](/nodes/a) [bad](https://evil.example) [worse](//evil.example)', BASE).map((s) => s.href),
    ).toEqual([`${BASE}/nodes/a`, null, null, null, null])
    const shown = JSON.stringify(
      slackMessage(answerOf(BLOCKS.plan, '[see](https://evil.example/x) <https://evil.example|here>'), BASE),
    )
    expect(shown).not.toContain('<https://evil')
  })
})

describe('text that somebody else wrote', () => {
  it.each(['<!channel>', '<@U1>', '<https://evil.example|x>', '&amp;<!here>'])('%s is letters in Slack', (text) => {
    expect(escapeSlack(text)).not.toMatch(/[<>]/)
  })
  it.each(['@everyone', '<@1>', '**b**', '[x](https://e)', '`c`', '||s||', '# h', '- l', '> q'])(
    '%s is letters in Discord',
    (text) => {
      expect(escapeDiscord(text).replace(/\\[^\w\s]/g, '')).not.toMatch(/[*`|<>[\]()@#]/)
      expect(escapeDiscord(text)).not.toMatch(/^[-+]\s/)
    },
  )
  it('is read from Slack as the person sees it', () => {
    expect(
      wordsFromSlack('<@UBOT> stop &lt;all&gt; <#C1|ops> <@U2|ben> <https://a.b|a.b> <mailto:a@b.c|a@b.c>', 'UBOT'),
    ).toBe('stop <all> #ops @ben a.b a@b.c')
    // Decoded once: what was written as an entity stays one.
    expect(wordsFromSlack('&amp;lt;!channel&amp;gt;', 'UBOT')).toBe('&lt;!channel&gt;')
  })
})

describe('setting up', () => {
  it('asks for what it uses and nothing else', () => {
    const manifest = JSON.parse(slackManifest(BASE)) as {
      oauth_config: { scopes: { bot: string[] } }
      settings: { interactivity: { request_url: string } }
    }
    expect(manifest.settings.interactivity.request_url).toBe(`${BASE}/api/slack/events`)
    expect(manifest.oauth_config.scopes.bot).not.toContain('admin')
    expect(manifest.oauth_config.scopes.bot).toContain('chat:write')
  })
  it('finds the application in a bot token', () => {
    const token = `${Buffer.from('123456789012345678').toString('base64url')}.abcdef.${'x'.repeat(30)}`
    expect(discordInvite(token)).toContain('client_id=123456789012345678&scope=bot+applications.commands')
    expect(discordInvite('nonsense')).toBeNull()
  })
  it('knows what a platform cannot call', () => {
    for (const url of ['http://localhost:3000', 'https://127.0.0.1', 'http://claw.example'])
      expect(isPrivateAddress(url)).toBe(true)
    expect(isPrivateAddress(BASE)).toBe(false)
  })
  it('says who may decide', () => {
    expect(refusalInChannel('operator', 'operator', 'Slack')).toBeNull()
    expect(refusalInChannel('admin', 'approver', 'Slack')).toContain('needs the role admin')
    expect(refusalInChannel('nobody', 'owner', 'Slack')).toContain('Nobody')
    expect(refusalInChannel('made up', 'admin', 'Slack')).toContain('needs the role owner')
  })
  it('reads only acts of its own', () => {
    expect(readDiscordAct('plan.approve|plan_1:1|abc|0')).toEqual({
      act: 'plan.approve',
      value: 'plan_1:1',
      nonce: 'abc',
    })
    for (const odd of ['', 'x', 'a|b', 'a|b|c|d|e']) expect(readDiscordAct(odd)).toBeNull()
  })
  it('lines figures up', () => {
    expect(
      textTable(
        [
          { label: 'a', align: 'left' },
          { label: 'n', align: 'right' },
        ],
        [
          ['x', '10'],
          ['yy', '9'],
        ],
      ),
    ).toBe('a    n\nx   10\nyy   9')
  })
})
