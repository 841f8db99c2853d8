'use client'
import { createContext, use } from 'react'
import { Button } from '../button'

/** What a chart hands over when somebody asks about it: its title and the sentence that says what it shows. */
export type AskAboutChart = (title: string, sentence: string) => void

const Context = createContext<AskAboutChart | null>(null)
export const ChartAskProvider = Context.Provider

/** On every chart of a page whose shell can be asked; nothing where it cannot. */
export function ChartAsk({ title, sentence }: { title: string; sentence: string }) {
  const ask = use(Context)
  if (!ask) return null
  return (
    <Button variant="quiet" size="sm" onClick={() => ask(title, sentence)}>
      Ask<span className="sr-only"> about {title}</span>
    </Button>
  )
}
