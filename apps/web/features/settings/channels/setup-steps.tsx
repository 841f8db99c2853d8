'use client'
import { discordInvite, slackManifest } from '@clawbernetes/domain/channels/channel-setup'
import type { ReactNode } from 'react'
import { CopyButton } from '@/ui/copy-button'
import { CodeBlock, Disclosure } from '@/ui/disclosure'

function External({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a className="link" href={href} target="_blank" rel="noreferrer">
      {children}
      <span className="sr-only"> (opens in a new tab)</span>
    </a>
  )
}

function Address({ label, value }: { label: string; value: string }) {
  return (
    <span className="mt-1 flex items-start gap-2">
      <code
        aria-label={label}
        className="min-w-0 flex-1 rounded-sm border border-line bg-surface px-2 py-1 font-mono text-xs break-all"
      >
        {value}
      </code>
      <CopyButton text={value} />
    </span>
  )
}

const listClass = 'm-0 grid list-decimal gap-2 pl-5'

export function SlackSteps({ origin }: { origin: string }) {
  const manifest = slackManifest(origin)
  return (
    <ol className={listClass}>
      <li>
        Open <External href="https://api.slack.com/apps?new_app=1">api.slack.com/apps</External>, choose From a manifest
        and your workspace, and paste this:
        <span className="mt-1 block">
          <CopyButton text={manifest} label="Copy manifest" />
        </span>
        <Disclosure className="mt-1" summary="App manifest">
          <CodeBlock label="App manifest" className="max-h-60 overflow-y-auto">
            {manifest}
          </CodeBlock>
        </Disclosure>
      </li>
      <li>Install the app into the workspace, under Install App.</li>
      <li>Copy the bot token and the signing secret into the fields below, and connect.</li>
      <li>
        Under Event Subscriptions press Retry beside the request URL, so that Slack accepts it:
        <Address label="Request URL" value={`${origin}/api/slack/events`} />
      </li>
      <li>Invite the app into the channels where it should answer: /invite @Clawbernetes</li>
    </ol>
  )
}

export function DiscordSteps({ botToken }: { botToken: string }) {
  const invite = discordInvite(botToken)
  return (
    <ol className={listClass}>
      <li>
        Open the <External href="https://discord.com/developers/applications">developer portal</External>, make a new
        application, and copy the bot token into the field below.
      </li>
      <li>
        {invite ? (
          <>
            <External href={invite}>Invite the bot into your server</External>. It asks for five permissions: view
            channels, send messages, embed links, read message history, send messages in threads.
          </>
        ) : (
          'Invite the bot into your server: the link appears here when the token is pasted.'
        )}
      </li>
      <li>Copy the id of the server into the field below, and connect. The /claw command is set up by itself.</li>
    </ol>
  )
}

export function DiscordAfterwards({ origin }: { origin: string }) {
  return (
    <p>
      When the state says active, set this as Interactions Endpoint URL under General Information; Discord tries it at
      once:
      <Address label="Interactions endpoint URL" value={`${origin}/api/discord/interactions`} />
    </p>
  )
}
