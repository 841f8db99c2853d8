'use client'
import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { promptsFor } from './first-prompts'

/** The first words of a conversation: what this fleet can be asked today. */
export function EmptyChat({ onPick }: { onPick: (text: string) => void }) {
  const trpc = useTRPC()
  const nodes = useQuery(trpc.fleet.nodes.queryOptions())
  const prompts = nodes.data ? promptsFor(nodes.data) : []
  return (
    <div className="grid gap-2 py-4">
      <h2 className="text-md font-semibold">Ask about the fleet, or say what should run</h2>
      <p className="text-muted">
        The agent looks things up by itself. Whatever changes something becomes a plan that a person approves.
      </p>
      <ul className="m-0 mt-2 grid min-h-56 list-none content-start gap-1.5 p-0">
        {prompts.map((prompt) => (
          <li key={prompt}>
            <Button
              className="h-auto w-full justify-start py-1.5 text-left whitespace-normal"
              onClick={() => onPick(prompt)}
            >
              {prompt}
            </Button>
          </li>
        ))}
      </ul>
      <p className="text-sm text-muted">Type / for everything the agent can do, @ for a node, workload or plan.</p>
    </div>
  )
}
