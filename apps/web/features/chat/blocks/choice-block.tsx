'use client'
import { Button } from '@/ui/button'
import { Kbd } from '@/ui/kbd'
import { optionOf } from '../open-choice'
import type { BlockOf } from './block-of'

/** How a question stands: open to an answer, answered with these words, or passed over by the conversation. */
export type ChoiceState = {
  /** What the message says; a question that stands in it is not drawn a second time. */
  said: string
  answer: string | null
  /** Sends the answer; undefined once the conversation went on. */
  onAnswer?: (text: string) => void
}

/** An either/or question. Answered once: then it is the record of what was chosen. Keys 1 to 9 choose as well. */
export function ChoiceBlock({ block, state }: { block: BlockOf<'choice'>; state: ChoiceState }) {
  const chosen = optionOf(block.options, state.answer)
  if (chosen || !state.onAnswer)
    return <ChoiceRecord block={block} said={state.said} chosenLabel={chosen?.label ?? null} />
  return (
    <div role="group" aria-label={block.question} data-choice="" className="my-2 grid gap-2">
      {state.said.includes(block.question) ? null : <p>{block.question}</p>}
      <div className="flex flex-wrap gap-2">
        {block.options.map((option, index) => (
          <Button
            key={option.label}
            onClick={() => state.onAnswer?.(option.send)}
            aria-keyshortcuts={index < 9 ? String(index + 1) : undefined}
            className="h-auto max-w-full whitespace-normal py-1 text-left"
          >
            {index < 9 ? <Kbd>{index + 1}</Kbd> : null}
            {option.label}
          </Button>
        ))}
      </div>
    </div>
  )
}

type RecordProps = { block: BlockOf<'choice'>; said: string; chosenLabel: string | null }

function ChoiceRecord({ block, said, chosenLabel }: RecordProps) {
  return (
    <div className="my-2 grid gap-1">
      {said.includes(block.question) ? null : <p className="text-muted">{block.question}</p>}
      {chosenLabel === null ? (
        <p className="text-sm text-muted">
          Not answered: the conversation went on. It was {block.options.map((option) => option.label).join(', or ')}.
        </p>
      ) : (
        <p>
          <span aria-hidden="true" className="text-ok">
            ✓{' '}
          </span>
          <span className="text-muted">Chosen: </span>
          {chosenLabel}
        </p>
      )}
    </div>
  )
}
