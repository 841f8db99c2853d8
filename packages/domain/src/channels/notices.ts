import { atWords } from '../at-words'
import { type ChannelMessage, type ChannelPart, linkButton } from './channel-message'

export interface FindingNotice {
  state: 'open' | 'cleared'
  title: string
  detail: string
  nodeName: string
  gpuIndex: number | null
  since: Date
  clearedAt: Date | null
}

/** A finding that was opened; told again, in the same place, when it is cleared. */
export function findingNotice(finding: FindingNotice, nonce: string, baseUrl: string): ChannelMessage {
  const cleared = finding.state === 'cleared'
  const where = `${finding.nodeName}${finding.gpuIndex === null ? '' : ` GPU ${finding.gpuIndex}`}`
  return {
    title: `${cleared ? '✓ Cleared' : '◆ Critical'} · ${where}: ${finding.title}`,
    summary: `${where}: ${finding.title}${cleared ? ' (cleared)' : ''}`,
    tone: cleared ? 'quiet' : 'bad',
    parts: [
      { kind: 'plain', text: finding.detail || finding.title },
      {
        kind: 'facts',
        items: [
          { label: 'Since', value: { atMs: finding.since.getTime() } },
          ...(finding.clearedAt ? [{ label: 'Cleared', value: { atMs: finding.clearedAt.getTime() } }] : []),
        ],
      },
      { kind: 'buttons', nonce, items: [linkButton('Open node', `${baseUrl}/nodes/${finding.nodeName}`)] },
    ],
  }
}

/** The emergency stop was pulled, or lifted. */
export function emergencyNotice(
  event: { on: boolean; who: string | null; reason: string | null; at: Date },
  nonce: string,
  baseUrl: string,
): ChannelMessage {
  const who = event.who ?? 'Somebody'
  const words = event.on
    ? 'Nothing that the agent wants to do starts or goes on, and nothing can be approved, until an administrator lifts it.'
    : 'Plans that wait can be approved again.'
  return {
    title: event.on ? '◆ Emergency stop is on' : '✓ Emergency stop is lifted',
    summary: event.on ? `Emergency stop, by ${who}` : `Emergency stop lifted by ${who}`,
    tone: event.on ? 'bad' : 'good',
    parts: [
      {
        kind: 'plain',
        text: `${who}, ${atWords(event.at)}${event.reason ? `: ${event.reason}` : '.'}\n${words}`,
      },
      { kind: 'buttons', nonce, items: [linkButton('Open approvals', `${baseUrl}/approvals`)] },
    ],
  }
}

/** A plan has ended: one line under its card, or by itself. */
export function finishedNotice(
  plan: { label: string; title: string; outcome: string; good: boolean },
  nonce: string,
  baseUrl: string,
): ChannelMessage {
  return {
    title: null,
    summary: plan.outcome,
    tone: plan.good ? 'good' : 'bad',
    parts: [
      { kind: 'plain', text: `${plan.good ? '✓' : '◆'} ${plan.outcome}` },
      { kind: 'note', text: plan.title },
      { kind: 'buttons', nonce, items: [linkButton('Details', `${baseUrl}/plans/${plan.label}`)] },
    ],
  }
}

/** A card that shows what a plan looks like in a channel; its buttons answer that they are a test. */
export function testCard(place: { baseUrl: string; nonce: string; orgName: string; decides: boolean }): ChannelMessage {
  const parts: ChannelPart[] = [
    { kind: 'plain', text: '◷ Needs approval · test' },
    { kind: 'plain', text: `Why: a person in ${place.orgName} asked to see how a plan card looks here.` },
    {
      kind: 'facts',
      items: [
        { label: 'Risk', value: '▲ Medium: shows what a medium risk looks like' },
        { label: 'Affects', value: 'nothing that runs' },
        { label: 'Cost', value: '+$0.00/h' },
        { label: 'Undo', value: 'Nothing to undo' },
      ],
    },
    { kind: 'plain', text: '1. Cordon a node that does not exist · ~1 s\n2. Let it rest · ~2 s' },
    {
      kind: 'buttons',
      nonce: place.nonce,
      items: [
        ...(place.decides
          ? [
              {
                act: 'test' as const,
                label: 'Approve',
                style: 'primary' as const,
                value: 'test:1',
                url: null,
                confirm: {
                  title: 'Approve the test',
                  text: 'This is a test card. It changes nothing.',
                  yes: 'Approve',
                },
              },
            ]
          : []),
        linkButton('Details', `${place.baseUrl}/approvals`),
      ],
    },
  ]
  return {
    title: 'Test · this is how a plan is shown here',
    summary: 'A test card from Clawbernetes. It changes nothing.',
    tone: 'waiting',
    parts,
  }
}
