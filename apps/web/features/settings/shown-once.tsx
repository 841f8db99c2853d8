'use client'
import { Button } from '@/ui/button'
import { CopyButton } from '@/ui/copy-button'

/** A key in the only moment it can be seen. */
export function ShownOnce({ name, token, onDone }: { name: string; token: string; onDone: () => void }) {
  return (
    <div role="status" className="grid gap-2 rounded-md border border-ok bg-ok-tint px-3 py-2">
      <p>
        <span className="font-semibold">{name}</span> is ready. Copy it now: it is shown once and kept only as a hash.
      </p>
      <code className="block font-mono text-sm break-all select-all">{token}</code>
      <p className="text-sm text-muted">
        In a terminal: <code className="font-mono text-xs">export CLAWBERNETES_API_KEY=…</code>, then{' '}
        <code className="font-mono text-xs">claw me</code>.
      </p>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={token} label="Copy key" />
        <Button size="sm" onClick={onDone}>
          I have copied it
        </Button>
      </div>
    </div>
  )
}
