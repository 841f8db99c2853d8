import { describe, expect, it } from 'vitest'
import { understand } from './understand'

const talk = (user: string, agent: string, utterance: string, more: object = {}) =>
  understand({
    utterance,
    context: {
      history: [
        { role: 'user', text: user },
        { role: 'assistant', text: agent },
      ],
      ...more,
    },
  })

describe('what only makes sense behind the sentence before', () => {
  it('repeats a look with another name', () => {
    expect(talk('what gpus are on node-03', 'Two.', 'and node-04?')).toMatchObject({
      intent: 'list_gpus',
      slots: { node: 'node-04' },
    })
    expect(talk('show logs of train-a', 'Here.', 'same for train-b')).toMatchObject({
      intent: 'logs',
      slots: { workload: 'train-b' },
    })
  })

  it('takes the answer to a question', () => {
    const first = understand({ utterance: 'drain the node', context: null })
    expect(first).toMatchObject({ intent: 'drain_node', askFor: 'node' })
    expect(understand({ utterance: 'node-04', context: { asking: first.asking } })).toMatchObject({
      intent: 'drain_node',
      slots: { node: 'node-04' },
      asksApproval: true,
    })
    expect(understand({ utterance: 'never mind', context: { asking: first.asking } }).intent).toBe('reject')
    expect(understand({ utterance: 'show me the logs of train-a', context: { asking: first.asking } }).intent).toBe(
      'logs',
    )
  })

  it('takes a schedule or a service as an answer', () => {
    expect(
      understand({
        utterance: 'every 3 hours',
        context: { asking: { intent: 'schedule_cron', slots: { action: 'checkpoint' }, slot: 'schedule' } },
      }),
    ).toMatchObject({ intent: 'schedule_cron', slots: { action: 'checkpoint', schedule: { every: 'PT3H' } } })
    expect(
      understand({
        utterance: 'chat-api',
        context: { asking: { intent: 'scale_service', slots: { replicas: 3 }, slot: 'service' } },
      }),
    ).toMatchObject({ intent: 'scale_service', slots: { service: 'chat-api', replicas: 3 } })
  })

  it('undoes what has an inverse and asks about the rest', () => {
    expect(talk('cordon node-03', 'Done.', 'undo that')).toMatchObject({
      intent: 'uncordon_node',
      slots: { node: 'node-03' },
    })
    expect(talk('delete train-a', 'Done.', 'undo that').intent).toBe('clarify')
  })

  it('never turns a bare name behind a change into another change while a plan waits', () => {
    expect(
      talk('drain node-03', 'I propose to drain node-03.', 'what about node-04?', {
        pending_plan: { id: 'p', intent: 'drain_node' },
      }).intent,
    ).not.toBe('approve')
  })
})

describe('questions and negations never become changes', () => {
  const changes =
    /^(?:drain|cordon|uncordon|restart|stop|delete|migrate|scale|deploy|run|retry|canary_(?:start|promote|pause)|rollback|isolate|market_(?:bid|offer)|expose|schedule|set_|heal|secret|create|revoke|invite|resume|label|snapshot|autoscale)/
  it.each([
    'how do I drain a node',
    'why was node-03 drained',
    "don't stop train-a",
    'is it safe to restart?',
    'is it safe to restart chat-api',
    'what happens if I drain node-03',
    'should I migrate train-a',
    'when was chat-api restarted',
    'who deleted train-a',
    'is node-03 cordoned?',
    'did you scale chat-api',
    'please do not restart train-a',
    'never delete train-a',
    'would draining node-02 interrupt anything',
    'are there any schedules',
    'which gpus would you isolate',
    'how much would it cost to rent 8 h100s',
    'why not roll back',
    'has the canary been promoted',
    'what is the difference between cordon and drain',
    'does restarting lose progress',
    "I don't want you to drain node-03",
  ])('"%s"', (utterance) => {
    expect(understand({ utterance, context: null }).intent).not.toMatch(changes)
  })
})

describe('several requests in one sentence', () => {
  it.each([
    ['drain node-03 and then restart train-a', ['drain_node', 'restart_workload']],
    ['show me the logs of train-a and restart it', ['logs', 'restart_workload']],
    ['scale chat-api to 3, then send the health report to #ops', ['scale_service', 'share_report']],
  ])('"%s"', (utterance, intents) => {
    const read = understand({ utterance, context: null })
    expect(read.intent).toBe('multi')
    expect(read.parts?.map((part) => part.intent)).toEqual(intents)
  })

  it.each([
    ['kill and restart the training', 'restart_workload'],
    ['abort the canary and go back to v1', 'rollback'],
    ['cordon and drain node-03', 'drain_node'],
    ['ignore that failure and continue', 'retry_batch'],
    ['run python prep.py on node-02 and node-03', 'run_batch'],
    ['deploy mixtral with vllm and expose it on port 8000', 'deploy_inference'],
  ])('"%s" is one', (utterance, intent) => {
    expect(understand({ utterance, context: null }).intent).toBe(intent)
  })
})
