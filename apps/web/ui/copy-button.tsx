'use client'
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './button'

const SHOWN_MS = 2000

/** Copies `text`. What was copied is announced, and a refusal by the browser is said rather than swallowed. */
export function CopyButton({
  text,
  label = 'Copy',
  iconOnly = false,
}: {
  text: string
  label?: string
  iconOnly?: boolean
}) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [state])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setState('copied')
    } catch {
      setState('failed')
    }
  }
  const word = state === 'copied' ? 'Copied' : state === 'failed' ? 'Copy failed' : label
  return (
    <Button
      size={iconOnly ? 'icon-sm' : 'sm'}
      variant={iconOnly ? 'quiet' : 'secondary'}
      onClick={copy}
      aria-label={iconOnly ? label : undefined}
    >
      {state === 'copied' ? (
        <Check aria-hidden="true" className="size-3.5" />
      ) : (
        <Copy aria-hidden="true" className="size-3.5" />
      )}
      {iconOnly ? null : word}
      <span role="status" className="sr-only">
        {state === 'idle' ? '' : word}
      </span>
    </Button>
  )
}
