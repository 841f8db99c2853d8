'use client'
import { Command } from 'cmdk'
import { Dialog as Primitive } from 'radix-ui'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useChatDock } from './chat-dock'
import { NAV_ITEMS } from './nav-items'
import { PaletteSearch } from './palette-search'

const itemClass =
  'flex min-h-9 cursor-default items-center gap-2 rounded-sm px-2 data-[selected=true]:bg-info-tint max-desk:min-h-11'
const groupClass =
  '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted'

/** Go somewhere, find something, or hand the words to the agent. Nothing is ever executed from here. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const router = useRouter()
  const dock = useChatDock()
  const go = (href: string) => {
    onClose()
    router.push(href)
  }
  const ask = () => {
    onClose()
    dock.ask(text.trim())
  }
  return (
    <Primitive.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Primitive.Portal>
        <Primitive.Overlay className="fade-in fixed inset-0 z-40 bg-[rgb(11_15_20/0.4)]" />
        <Primitive.Content
          aria-describedby={undefined}
          className="fade-in fixed top-[12vh] left-1/2 z-50 w-[min(620px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden rounded-lg border border-line bg-raised shadow-overlay"
        >
          <Primitive.Title className="sr-only">Search or run</Primitive.Title>
          <Command label="Search or run">
            <Command.Input
              autoFocus
              value={text}
              onValueChange={setText}
              placeholder="Search or run…"
              className="min-h-12 w-full border-b border-line bg-transparent px-4 text-md outline-none"
            />
            <Command.List className="max-h-[56vh] overflow-y-auto p-1">
              <Command.Group heading="Go to" className={groupClass}>
                {NAV_ITEMS.map((item) => (
                  <Command.Item
                    key={item.href}
                    value={`go ${item.label}`}
                    onSelect={() => go(item.href)}
                    className={itemClass}
                  >
                    <item.icon aria-hidden="true" className="size-4 text-muted" />
                    {item.label}
                  </Command.Item>
                ))}
              </Command.Group>
              <PaletteSearch text={text} onGo={go} itemClass={itemClass} groupClass={groupClass} />
              {text.trim() ? (
                <Command.Group heading="Ask agent" className={groupClass} forceMount>
                  <Command.Item forceMount value={`ask agent ${text}`} onSelect={ask} className={itemClass}>
                    <span aria-hidden="true" className="text-agent">
                      ✦
                    </span>
                    <span className="min-w-0 truncate">Ask agent: “{text.trim()}”</span>
                  </Command.Item>
                </Command.Group>
              ) : null}
            </Command.List>
          </Command>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
