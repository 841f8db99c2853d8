'use client'
import { isPrivateAddress } from '@clawbernetes/domain/channels/channel-setup'
import { CHANNEL_NAMES, type ChannelKind } from '@clawbernetes/protocol/views/channel'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState, type FormEvent } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { TextField } from '@/ui/field'
import { formText } from '@/ui/form-text'
import { InlineError, Notice } from '@/ui/inline-error'
import { DiscordAfterwards, DiscordSteps, SlackSteps } from './setup-steps'
import { useOrigin } from './use-origin'

type Props = { kind: ChannelKind; connectionId: string | null; onClose: () => void }

/** How to make the app on the platform, and the fields for what it gives out. The tokens never come back to a browser. */
export function ConnectDialog({ kind, connectionId, onClose }: Props) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const origin = useOrigin()
  const formId = useId()
  const [botToken, setBotToken] = useState('')
  const connect = useMutation(
    trpc.channels.connect.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries(trpc.channels.list.queryFilter())
        onClose()
      },
    }),
  )
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    if (kind === 'slack')
      connect.mutate({ kind, connectionId, botToken, signingSecret: formText(form, 'signingSecret').trim() })
    else connect.mutate({ kind, connectionId, botToken, guildId: formText(form, 'guildId').trim() })
  }
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
          <Button variant="primary" type="submit" form={formId} pending={connect.isPending}>
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
        {kind === 'slack' ? <SlackSteps origin={origin} /> : <DiscordSteps botToken={botToken} />}
        <form id={formId} onSubmit={submit} className="grid gap-3">
          <TextField
            label="Bot token"
            name="botToken"
            type="password"
            autoComplete="off"
            spellCheck={false}
            required
            value={botToken}
            onChange={(event) => setBotToken(event.target.value)}
            hint={kind === 'slack' ? 'Begins with xoxb-' : 'Under Bot, Reset Token'}
          />
          {kind === 'slack' ? <SigningSecret /> : <ServerId />}
        </form>
        {kind === 'discord' ? <DiscordAfterwards origin={origin} /> : null}
        {connect.error ? (
          <InlineError title={`${name} was not connected`} detail={toApiError(connect.error).message} />
        ) : null}
      </div>
    </Dialog>
  )
}

const SigningSecret = () => (
  <TextField
    label="Signing secret"
    name="signingSecret"
    type="password"
    autoComplete="off"
    spellCheck={false}
    required
    hint="Under Basic Information, App Credentials"
  />
)

const ServerId = () => (
  <TextField
    label="Server id"
    name="guildId"
    inputMode="numeric"
    autoComplete="off"
    required
    hint="Right-click the server with Developer Mode on, Copy Server ID"
  />
)
