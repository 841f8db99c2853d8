import { CodeBlock } from '@/ui/disclosure'
import type { BlockOf } from './block-of'

const KINDS = {
  same: { mark: ' ', className: '', word: '' },
  added: { mark: '+', className: 'bg-ok-tint text-ok', word: 'added: ' },
  removed: { mark: '−', className: 'bg-crit-tint text-crit', word: 'removed: ' },
} as const

export function diffText(block: BlockOf<'diff'>): string {
  return block.lines.map((line) => `${KINDS[line.kind].mark}${line.text}`).join('\n')
}

export function DiffBlock({ block }: { block: BlockOf<'diff'> }) {
  return (
    <CodeBlock label={block.title} className="max-h-64 overflow-y-auto">
      {block.lines.map((line, index) => (
        <span key={index} className={`block ${KINDS[line.kind].className}`}>
          <span aria-hidden="true">{KINDS[line.kind].mark} </span>
          <span className="sr-only">{KINDS[line.kind].word}</span>
          {line.text}
        </span>
      ))}
    </CodeBlock>
  )
}
