'use client'
import { Button } from '@/ui/button'

const PROMPTS = [
  'What needs my attention?',
  'What GPUs do we have?',
  'What is running?',
  'I need to fine-tune Llama 3 8B on my custom dataset. I have it in /data/training.',
  'Which GPUs are free right now?',
  'How is node-06 doing?',
]

export function EmptyChat({ onPick }: { onPick: (text: string) => void }) {
  return (
    <div className="grid gap-2 py-4">
      <p className="text-md font-semibold">Ask about the fleet, or say what should run</p>
      <p className="text-muted">
        The agent looks things up by itself. Whatever changes something becomes a plan that a person approves.
      </p>
      <ul className="m-0 mt-2 grid list-none gap-1.5 p-0">
        {PROMPTS.map((prompt) => (
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
    </div>
  )
}
