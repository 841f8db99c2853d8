'use client'
import { useState } from 'react'
import { signIn } from '@/features/identity/auth-requests'
import { useSession } from '@/features/identity/session'
import { useChatDock } from '@/features/shell/chat-dock'
import { Page } from '@/features/shell/page'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { InlineError } from '@/ui/inline-error'
import { ConnectNode } from './connect-node'

/** The demo fleet lives in an organisation of its own, so that simulated machines never stand among real ones. */
function TryDemo({ demo }: { demo: { email: string; password: string } | null }) {
  const [error, setError] = useState<string | null>(null)
  const [pending, setPending] = useState(false)
  if (!demo)
    return (
      <p className="text-muted">This installation runs without the demo fleet. Start it with npm start to have one.</p>
    )
  const open = async () => {
    setPending(true)
    const result = await signIn(demo)
    if (result.ok) {
      window.location.assign('/fleet')
      return
    }
    setPending(false)
    setError(result.message)
  }
  return (
    <>
      <p>
        Eight simulated machines with 32 GPUs, workloads, faults and history. Nothing to install; everything in it is
        marked Demo.
      </p>
      {error ? <InlineError className="mt-2" title="The demo could not be opened" detail={error} /> : null}
      <p className="mt-2 text-sm text-muted">
        You are signed in to the demo account instead of yours; sign out to come back.
      </p>
      <Button className="mt-3" pending={pending} onClick={() => void open()}>
        Open demo
      </Button>
    </>
  )
}

export function WelcomePage({ demo }: { demo: { email: string; password: string } | null }) {
  const { user } = useSession()
  const dock = useChatDock()
  return (
    <Page
      title={`Welcome, ${user.name}`}
      ask={{ text: 'How do I connect a node?' }}
      className="mx-auto w-full max-w-[960px]"
    >
      <p className="text-muted">Start with</p>
      <div className="grid gap-3 desk:grid-cols-2">
        <Card title="Try the demo fleet">
          <TryDemo demo={demo} />
        </Card>
        <Card title="Connect a node" note="Linux or macOS, with or without GPUs">
          <ConnectNode quick />
        </Card>
      </div>
      <Card title="Then ask">
        <p>The agent answers questions about the fleet, and turns instructions into plans that a person approves.</p>
        <Button className="mt-2" onClick={() => dock.ask('What should I look at first?')}>
          What should I look at first?
        </Button>
      </Card>
    </Page>
  )
}
