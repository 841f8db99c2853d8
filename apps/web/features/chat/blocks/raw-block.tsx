import { CodeBlock, Disclosure } from '@/ui/disclosure'
import { rawFacts } from './raw-facts'

/** A kind of block that this build does not know, or that does not fit its shape: its words, and its data on demand, never nothing. */
export function RawBlock({ block }: { block: unknown }) {
  const { title, facts } = rawFacts(block)
  return (
    <div role="group" aria-label={title} className="panel my-2 grid gap-1 px-2.5 py-2">
      <p className="text-sm font-semibold">{title}</p>
      {facts.length > 0 ? (
        <ul className="m-0 list-none p-0 text-sm">
          {facts.map((fact) => (
            <li key={fact.name} className="break-words">
              <span className="text-muted">{fact.name}: </span>
              {fact.value}
            </li>
          ))}
        </ul>
      ) : null}
      <Disclosure summary="All of its data" className="text-sm">
        <CodeBlock label={`${title}, data`}>{JSON.stringify(block, null, 2)}</CodeBlock>
      </Disclosure>
    </div>
  )
}
