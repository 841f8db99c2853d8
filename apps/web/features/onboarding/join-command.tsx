'use client'
import type { CreatedJoinToken, JoinTokenView } from '@clawbernetes/protocol/views/join-token'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useState, useSyncExternalStore } from 'react'
import { useTRPC } from '@/trpc/client'
import { useNow } from '@/ui/clock'
import { CopyButton } from '@/ui/copy-button'
import { Disclosure } from '@/ui/disclosure'
import { formatCountdown, formatPlural } from '@/ui/format'
import { joinCommand } from './use-join-token'

const neverChanges = () => () => {}
const QUIET_AFTER_MS = 120_000

function Step({ done, children }: { done: boolean; children: React.ReactNode }) {
  return (
    <li className={done ? 'text-ok' : 'text-muted'}>
      <span aria-hidden="true">{done ? '✓ ' : '○ '}</span>
      <span className="sr-only">{done ? 'Done: ' : 'Not yet: '}</span>
      {children}
    </li>
  )
}

/** What the machine that joined says of itself: connected, and with which GPUs. */
function JoinedNode({ id, name }: { id: string; name: string }) {
  const trpc = useTRPC()
  const nodes = useQuery(trpc.fleet.nodes.queryOptions())
  const node = nodes.data?.find((candidate) => candidate.id === id)
  const gpus = node?.gpuModels.map((gpu) => `${gpu.count}× ${gpu.model}`).join(', ')
  return (
    <>
      <Step done>
        Enrolled as{' '}
        <Link href={`/nodes/${id}`} className="link">
          {name}
        </Link>
      </Step>
      <Step done={node?.status === 'online'}>Connected</Step>
      <Step done={node !== undefined && node.cpuCores > 0}>
        {node === undefined ? 'Inventory' : gpus ? `Inventory: ${gpus}` : 'Inventory: no GPUs reported, CPU only'}
      </Step>
    </>
  )
}

/** Advances with what the machine does; each line that stays open has its own way on. */
function Progress({ token }: { token: JoinTokenView }) {
  const now = useNow()
  const joined = token.nodes.length > 0
  const contacted = token.uses > 0
  const quiet = !contacted && now !== null && now - token.createdAtMs > QUIET_AFTER_MS
  return (
    <div role="status" className="mt-3">
      <p className="font-semibold">
        {joined ? `${formatPlural(token.nodes.length, 'node')} joined` : 'Waiting for your machine…'}
      </p>
      <ul className="m-0 mt-1 list-none p-0">
        <Step done={contacted}>Token accepted</Step>
        {joined ? null : <Step done={false}>Enrolled</Step>}
        {token.nodes.map((node) => (
          <JoinedNode key={node.id} {...node} />
        ))}
      </ul>
      {quiet ? <NothingHeard /> : null}
    </div>
  )
}

function NothingHeard() {
  return (
    <Disclosure open summary="Nothing heard after two minutes?" className="mt-2">
      <ul className="m-0 list-disc pl-5">
        <li>
          The machine must reach this address and the gateway: the command prints which of them it could not reach.
        </li>
        <li>It needs Node.js 20.19 or newer, and curl or wget.</li>
        <li>
          For drivers and container engines run{' '}
          <code className="font-mono text-xs">node ~/.clawbernetes/clawbernetes-node.mjs doctor</code>; it says what is
          missing.
        </li>
      </ul>
    </Disclosure>
  )
}

/** The one command to paste on a machine, shown once, with how long and how often it works. */
export function JoinCommand({ created, followed }: { created: CreatedJoinToken; followed: JoinTokenView }) {
  const now = useNow()
  const origin = useSyncExternalStore(
    neverChanges,
    () => window.location.origin,
    () => '',
  )
  const [service, setService] = useState(false)
  const command = joinCommand(origin, created.token, service)
  const leftMs = now === null ? null : followed.expiresAtMs - now
  const usesLeft = followed.maxUses - followed.uses
  return (
    <div>
      <p className="text-sm text-muted">
        {leftMs !== null && leftMs <= 0
          ? 'This token has expired; make another.'
          : `Works for ${formatCountdown(leftMs)}, ${formatPlural(usesLeft, 'more machine')}. It is shown only now.`}
      </p>
      <div className="mt-1.5 flex items-start gap-2">
        <pre
          tabIndex={0}
          role="group"
          aria-label="Join command"
          className="min-w-0 flex-1 overflow-x-auto rounded-sm border border-line bg-surface p-2 font-mono text-xs leading-[18px] break-all whitespace-pre-wrap"
        >
          {command}
        </pre>
        <CopyButton text={command} />
      </div>
      <label className="mt-1.5 flex items-center gap-2">
        <input
          type="checkbox"
          className="size-4"
          checked={service}
          onChange={(event) => setService(event.target.checked)}
        />
        Keep it running after a restart (systemd)
      </label>
      <Progress token={followed} />
    </div>
  )
}
