import { channelCaller } from '@clawbernetes/services/channels/channel-caller'
import { readChoice } from '@clawbernetes/services/channels/choose-in-channel'
import { decideInChannel, findShowing } from '@clawbernetes/services/channels/decide-in-channel'
import type { OpenConnection } from '@clawbernetes/services/channels/find-connections'
import { receiveMessage } from '@clawbernetes/services/channels/receive-message'
import type { Ctx, SystemCtx } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import * as z from 'zod'
import type { ChannelEnv } from '../../channels/channel-env'
import { callSlack } from '../../channels/slack-call'
import { tell, tellLink } from './slack-tell'

const id = z.string().max(60)
const pressed = z.object({
  user: z.object({ id }),
  trigger_id: z.string().max(200).optional(),
  container: z.object({ message_ts: id, channel_id: id, thread_ts: id.optional() }),
})
const pressedButton = z.object({
  action_id: z.string().max(255),
  block_id: z.string().max(255),
  value: z.string().max(2000).default(''),
})
type Press = z.output<typeof pressed> & { button: z.output<typeof pressedButton>; nonce: string }

/** A button of ours was pressed. What is refused is said to the one who pressed; what was decided shows on the card. */
export async function onAction(
  sys: SystemCtx,
  env: ChannelEnv,
  connection: OpenConnection,
  body: unknown,
  action: unknown,
): Promise<void> {
  const where = pressed.safeParse(body)
  const button = pressedButton.safeParse(action)
  if (!where.success || !button.success || button.data.action_id === 'plan.open') return
  const press: Press = { ...where.data, button: button.data, nonce: button.data.block_id.replace(/^card:/, '') }
  const { container, user } = press
  const person = {
    connectionId: connection.id,
    channelId: container.channel_id,
    externalId: user.id,
    replyTo: container.thread_ts ?? null,
  }
  try {
    const ctx = await channelCaller(sys, connection, user.id)
    if (!ctx) return void (await tellLink(sys, person))
    const words = await act(ctx, env, connection, press)
    if (words) await tell(sys, person, words)
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    await tell(sys, person, error.message)
  }
}

/** Returns what only the person who pressed should read; null: everybody sees it on the card. */
async function act(ctx: Ctx, env: ChannelEnv, connection: OpenConnection, press: Press): Promise<string | null> {
  const { button, container, nonce } = press
  const about = { channelId: container.channel_id, messageTs: container.message_ts, nonce, value: button.value }
  if (button.action_id === 'test') return 'This is a test card: nothing was decided and nothing changes.'
  if (button.action_id.startsWith('choice.')) return choose(ctx, connection, press)
  if (button.action_id === 'plan.approve') {
    const decided = await decideInChannel(ctx, connection, { ...about, decision: 'approve' })
    return decided.state === 'approved' ? null : decided.text
  }
  if (button.action_id !== 'plan.reject') return null
  // Refused before a reason is asked for, not after it was written.
  const { plan } = await findShowing(ctx, connection, { ...about, decision: 'reject' })
  if (plan.state !== 'proposed') {
    // The decision's own words tell who was first.
    return (await decideInChannel(ctx, connection, { ...about, decision: 'reject' })).text
  }
  if (!press.trigger_id) return 'Slack did not let me open the dialogue. Press Reject again.'
  await openDialogue(env, connection, press.trigger_id, { ...about, replyTo: container.thread_ts ?? null }, plan.number)
  return null
}

async function choose(ctx: Ctx, connection: OpenConnection, { button, container }: Press): Promise<null> {
  const choice = await readChoice(ctx, button.value)
  const direct = container.channel_id.startsWith('D')
  const threadKey = container.thread_ts ?? (direct ? 'dm' : container.message_ts)
  await receiveMessage({
    ctx,
    input: {
      connectionId: connection.id,
      channelId: container.channel_id,
      threadKey,
      replyTo: threadKey === 'dm' ? null : threadKey,
      lasting: threadKey !== 'dm',
      text: choice.text,
      deliveryKey: choice.key,
    },
  })
  return null
}

const metadata = z.object({
  channelId: id,
  messageTs: id,
  nonce: id,
  value: z.string().max(80),
  replyTo: id.nullable(),
})

const openDialogue = (
  env: ChannelEnv,
  connection: OpenConnection,
  trigger: string,
  about: z.input<typeof metadata>,
  planNumber: number,
): Promise<object> =>
  callSlack(env, connection.token, 'views.open', {
    trigger_id: trigger,
    view: {
      type: 'modal',
      callback_id: 'plan.reject',
      private_metadata: JSON.stringify(about),
      title: { type: 'plain_text', text: `Reject PL-${planNumber}`.slice(0, 24) },
      submit: { type: 'plain_text', text: 'Reject' },
      close: { type: 'plain_text', text: 'Cancel' },
      blocks: [
        {
          type: 'input',
          block_id: 'reason',
          optional: true,
          label: { type: 'plain_text', text: 'Reason' },
          hint: { type: 'plain_text', text: 'The agent reads it and can propose something better.' },
          element: { type: 'plain_text_input', action_id: 'reason', multiline: true, max_length: 500 },
        },
      ],
    },
  })

const submitted = z.object({
  private_metadata: z.string().max(3000),
  state: z.object({ values: z.object({ reason: z.object({ reason: z.object({ value: z.string().nullish() }) }) }) }),
})

/** The dialogue was sent. Returns what is wrong, for the dialogue to show; null: rejected. */
export async function onRejection(
  sys: SystemCtx,
  connection: OpenConnection,
  externalId: string,
  view: unknown,
): Promise<string | null> {
  const sent = submitted.safeParse(view)
  const about = sent.success ? metadata.safeParse(JSON.parse(sent.data.private_metadata)) : null
  if (!sent.success || !about?.success)
    return 'Slack sent something that I did not ask for. Press Reject on the card again.'
  try {
    const ctx = await channelCaller(sys, connection, externalId)
    if (!ctx) return 'Your account is not linked to Clawbernetes any more.'
    const { replyTo: _, ...where } = about.data
    const reason = sent.data.state.values.reason.reason.value?.trim() || null
    const decided = await decideInChannel(ctx, connection, { ...where, decision: 'reject', reason })
    return decided.state === 'rejected' ? null : decided.text
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return error.message
  }
}
