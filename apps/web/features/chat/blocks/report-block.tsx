import { TONE_TEXT } from '@/ui/status-pill'
import { BlockLink } from './block-link'
import type { BlockOf } from './block-of'
import { ToneMark, toneOf } from './block-tone'

type Tile = BlockOf<'report'>['tiles'][number]

function ReportTile({ tile }: { tile: Tile }) {
  return (
    <div className="min-w-0 rounded-sm border border-line px-2 py-1.5">
      <dt className="text-xs text-muted">{tile.label}</dt>
      <dd className="m-0">
        <span className={`text-md font-semibold ${tile.tone ? TONE_TEXT[toneOf(tile.tone)] : ''}`}>
          <ToneMark tone={tile.tone} /> {tile.value}
        </span>
        {tile.note ? <span className="block text-xs text-muted">{tile.note}</span> : null}
      </dd>
    </div>
  )
}

/** A health report as one reads it: the sentence first, then figures, then what to look at. */
export function ReportBlock({ block }: { block: BlockOf<'report'> }) {
  return (
    <>
      <p className="text-xs text-muted">{block.period}</p>
      <p className="mb-2">{block.headline}</p>
      {block.tiles.length > 0 ? (
        <dl className="m-0 grid grid-cols-[repeat(auto-fill,minmax(112px,1fr))] gap-1.5">
          {block.tiles.map((tile) => (
            <ReportTile key={tile.label} tile={tile} />
          ))}
        </dl>
      ) : null}
      {block.sections.map((section) => (
        <div key={section.title} className="mt-2">
          <h3 className="text-sm font-semibold">{section.title}</h3>
          <ul className="m-0 list-none p-0">
            {section.items.map((item, index) => (
              <li key={index} className="break-words">
                <ToneMark tone={item.tone} /> <BlockLink href={item.href}>{item.text}</BlockLink>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {block.notCollected.length > 0 ? (
        <p className="mt-2 text-xs text-muted">Not collected: {block.notCollected.join(', ')}.</p>
      ) : null}
    </>
  )
}
