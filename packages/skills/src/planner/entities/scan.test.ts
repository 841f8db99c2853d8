import { describe, expect, it } from 'vitest'
import { indexInventory } from '../inventory'
import { all, type EntityKind, first } from './entity'
import { scanEntities } from './scan'

const scan = (text: string) => scanEntities(text, indexInventory(undefined))
const value = (text: string, kind: EntityKind): unknown => first(scan(text), kind)

describe('mentions', () => {
  it.each([
    ['drain node 3', 'node', 'node-03'],
    ['Node-07', 'node', 'node-07'],
    ['node02', 'node', 'node-02'],
    ['the machine 5', 'node', 'node-05'],
    ['gpu 2', 'gpu', 2],
    ['GPU#0', 'gpu', 0],
    ['card 3', 'gpu', 3],
    ['on 4x A100', 'gpuCount', 4],
    ['eight gpus', 'gpuCount', 8],
    ['2 h100s', 'gpuType', 'H100'],
    ['l40s', 'gpuType', 'L40S'],
    ['rtx 4090', 'gpuType', 'RTX 4090'],
    ['Llama 3 8B', 'model', 'llama-3-8b'],
    ['Mixtral 8x7B', 'model', 'mixtral-8x7b'],
    ['qwen2.5 7b', 'model', 'qwen-2.5-7b'],
    ['meta-llama/Llama-3-8B', 'model', 'llama-3-8b'],
    ['mistral', 'model', 'mistral'],
    ['a 70b model', 'modelSize', '70b'],
    ['/data/training.', 'path', '/data/training'],
    ['train.py', 'path', 'train.py'],
    ['port 8000', 'port', 8000],
    ['vllm/vllm-openai:v0.6', 'image', 'vllm/vllm-openai:v0.6'],
    ['bob@corp.com', 'email', 'bob@corp.com'],
    ['#ops', 'channel', '#ops'],
    ['$1.20', 'money', 1.2],
    ['80 cents', 'money', 0.8],
    ['a dollar', 'money', 1],
    ['50 percent', 'percent', 50],
    ['a quarter of the traffic', 'percent', 25],
    ['for 4 hours', 'duration', 'PT4H'],
    ['a 4-hour job', 'duration', 'PT4H'],
    ['90 min', 'duration', 'PT90M'],
    ['2 days', 'duration', 'P2D'],
    ['half an hour', 'duration', 'PT30M'],
    ['version 3', 'version', 'v3'],
    ['v2', 'version', 'v2'],
    ['plan 12', 'planId', 'plan-12'],
    ['restart train-a', 'name', 'train-a'],
    ['provider-aws-7', 'provider', 'provider-aws-7'],
    ['--gradient-checkpointing', 'flag', '--gradient-checkpointing'],
    ['HF_TOKEN', 'envKey', 'HF_TOKEN'],
  ] as const)('"%s" has %s %j', (text, kind, expected) => {
    expect(value(text, kind)).toEqual(expected)
  })

  it.each([
    ['every 2 hours', { every: 'PT2H' }],
    ['hourly', { every: 'PT1H' }],
    ['every 15 min', { every: 'PT15M' }],
    ['twice a day', { every: 'PT12H' }],
    ['daily at 4am', { cron: '0 4 * * *' }],
    ['every monday at 7', { cron: '0 7 * * 1' }],
    ['on weekdays at midnight', { cron: '0 0 * * 1-5' }],
    ['each day at noon', { cron: '0 12 * * *' }],
    ['nightly', { cron: '0 2 * * *' }],
    ['cron "0 2 * * *"', { cron: '0 2 * * *' }],
    ['every half hour', { every: 'PT30M' }],
    ['weekly', { every: 'P1W' }],
  ])('"%s" is a schedule', (text, expected) => {
    expect(value(text, 'schedule')).toEqual(expected)
  })

  it.each([
    ['from 6pm to 8am', { start: '18:00', end: '08:00' }],
    ['8am-6pm', { start: '08:00', end: '18:00' }],
    ['9 to 5', { start: '09:00', end: '17:00' }],
    ['between 10pm and 6am', { start: '22:00', end: '06:00' }],
    ['during the day', { start: '08:00', end: '18:00' }],
    ['on weekends', { days: ['sat', 'sun'] }],
  ])('"%s" is a window', (text, expected) => {
    expect(value(text, 'window')).toEqual(expected)
  })

  it('reads lists and ranges of nodes', () => {
    expect(value('nodes 1 to 4', 'nodes')).toEqual(['node-01', 'node-02', 'node-03', 'node-04'])
    expect(value('nodes 2, 3 and 5', 'nodes')).toEqual(['node-02', 'node-03', 'node-05'])
    expect(all(scan('node-02 and node-03'), 'node').map((entity) => entity.value)).toEqual(['node-02', 'node-03'])
    expect(value('run it on every node', 'allNodes')).toBe('all')
  })

  it('does not see names in ordinary words', () => {
    for (const text of [
      'fine-tune it',
      'a 4-hour job',
      'blue-green deployment',
      'roll-out',
      'end-to-end',
      'openai-compatible api',
    ])
      expect(value(text, 'name')).toBeUndefined()
    expect(value('keep existing ones', 'duration')).toBeUndefined()
    expect(value('scale from 1 to 4 replicas', 'window')).toBeUndefined()
  })

  it('never lets two mentions share a character', () => {
    const entities = scan(
      'move train-a from node-01 to node-05 every 2 hours for $1.20 with 4x A100 on port 8000 at chat.acme.com',
    )
    for (let i = 1; i < entities.length; i += 1)
      expect(entities[i]?.start ?? 0).toBeGreaterThanOrEqual(entities[i - 1]?.end ?? 0)
  })
})
