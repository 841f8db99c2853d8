import { TONE_TEXT, type Tone } from '@/ui/status-pill'
import type { BlockOf } from './block-of'

const VERDICTS = {
  yes: { tone: 'ok', shape: '✓', word: 'yes' },
  no: { tone: 'crit', shape: '✕', word: 'no' },
  unknown: { tone: 'pend', shape: '○', word: 'unknown' },
  info: { tone: 'info', shape: '■', word: 'note' },
} as const satisfies Record<string, { tone: Tone; shape: string; word: string }>

export function ReasonsBlock({ block }: { block: BlockOf<'reasons'> }) {
  return (
    <ul className="m-0 grid list-none gap-1 p-0">
      {block.items.map((item, index) => {
        const verdict = VERDICTS[item.verdict]
        return (
          <li key={index} className="grid grid-cols-[16px_1fr] gap-1">
            <span aria-hidden="true" className={TONE_TEXT[verdict.tone]}>
              {verdict.shape}
            </span>
            <span className="min-w-0 break-words">
              <span className="sr-only">{verdict.word}: </span>
              <span className="font-semibold">{item.label}</span> <span className="text-muted">{item.reason}</span>
            </span>
          </li>
        )
      })}
    </ul>
  )
}
