'use client'
import { isPrivateAddress } from '@clawbernetes/domain/channels/channel-setup'
import { CHANNEL_NAMES, type ChannelKind } from '@clawbernetes/protocol/views/channel'
import { useId } from 'react'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { TextField } from '@/ui/field'
import { InlineError, Notice } from '@/ui/inline-error'
import { DiscordAfterwards, DiscordSteps, SlackSteps } from './setup-steps'
import { useConnect } from './use-connect'
import { useOrigin } from './use-origin'

type Props = { kind: ChannelKind; connectionId: string | null; onClose: () => void }

/** How to make the app on the platform, and the fields for what it gives out. The tokens never come back to a browser. */
export function ConnectDialog({ kind, connectionId, onClose }: Props) {
  const origin = useOrigin()
  const formId = useId()
  const connect = useConnect({ kind, connectionId, onDone: onClose })
  const name = CHANNEL_NAMES[kind]
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={connectionId ? `New tokens for ${name}` : `Connect ${name}`}
      description="The tokens are kept encrypted and are never shown again."
      className="w-[min(640px,calc(100vw-24px))]"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={formId} pending={connect.pending}>
            {connectionId ? 'Save tokens' : 'Connect'}
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        {origin && isPrivateAddress(origin) ? (
          <Notice tone="warn">
            {name} must be able to call <code className="font-mono text-xs break-all">{origin}</code> over HTTPS. Open
            this page under the public address of this installation, or put a tunnel in front of it, before you copy
            anything.
          </Notice>
        ) : null}
        {kind === 'slack' ? <SlackSteps origin={origin} /> : <DiscordSteps botToken={connect.botToken.value} />}
        <form id={formId} onSubmit={connect.submit} noValidate className="grid gap-3">
          <TextField
            label="Bot token"
            name="botToken"
            type="password"
            autoComplete="off"
            spellCheck={false}
            required
            value={connect.botToken.value}
            onChange={(event) => connect.botToken.set(event.target.value)}
            hint={kind === 'slack' ? 'Under OAuth & Permissions, begins with xoxb-' : 'Under Bot, Reset Token'}
            error={connect.botToken.error}
          />
          <SecondField kind={kind} {...connect.second} />
        </form>
        {kind === 'discord' ? <DiscordAfterwards origin={origin} /> : null}
        {connect.failure ? <InlineError title={`${name} was not connected`} detail={connect.failure} /> : null}
      </div>
    </Dialog>
  )
}

/** Slack's signing secret, or the id of the Discord server. */
function SecondField({
  kind,
  value,
  set,
  error,
}: {
  kind: ChannelKind
  value: string
  set: (value: string) => void
  error: string | null
}) {
  const slack = kind === 'slack'
  return (
    <TextField
      label={slack ? 'Signing secret' : 'Server id'}
      name="second"
      type={slack ? 'password' : 'text'}
      inputMode={slack ? 'text' : 'numeric'}
      autoComplete="off"
      spellCheck={false}
      required
      value={value}
      onChange={(event) => set(event.target.value)}
      hint={
        slack
          ? 'Under Basic Information, App Credentials'
          : 'Right-click the server with Developer Mode on, Copy Server ID'
      }
      error={error}
    />
  )
}
