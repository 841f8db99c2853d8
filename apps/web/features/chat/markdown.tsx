'use client'
import { memo, useMemo } from 'react'
import ReactMarkdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { splitMarkdown } from './markdown-blocks'

/**
 * Answers are text from a model and may quote machines: no raw HTML, no remote images (they become links), and every
 * link that leaves the app says where it goes.
 */
const components: Components = {
  a: ({ href, children }) => <SafeLink href={href}>{children}</SafeLink>,
  img: ({ src, alt }) => <SafeLink href={typeof src === 'string' ? src : undefined}>{alt || 'image'}</SafeLink>,
  p: ({ children }) => <p className="my-1.5 break-words">{children}</p>,
  ul: ({ children }) => <ul className="my-1.5 list-disc pl-5">{children}</ul>,
  ol: ({ children, start }) => (
    <ol start={start} className="my-1.5 list-decimal pl-5">
      {children}
    </ol>
  ),
  h1: ({ children }) => <h2 className="mt-3 mb-1 text-md font-semibold">{children}</h2>,
  h2: ({ children }) => <h2 className="mt-3 mb-1 text-md font-semibold">{children}</h2>,
  h3: ({ children }) => <h2 className="mt-2 mb-1 font-semibold">{children}</h2>,
  code: ({ children }) => (
    <code className="rounded-sm bg-pend-tint px-1 font-mono text-[12px] break-words">{children}</code>
  ),
  pre: ({ children }) => (
    <pre
      tabIndex={0}
      className="my-1.5 overflow-x-auto rounded-sm border border-line bg-surface p-2 font-mono text-xs leading-[18px] [&_code]:bg-transparent [&_code]:p-0"
    >
      {children}
    </pre>
  ),
  table: ({ children }) => (
    <div tabIndex={0} role="group" aria-label="Table, scrollable" className="my-1.5 overflow-x-auto">
      <table className="w-full border-collapse text-sm [&_td]:border-b [&_td]:border-line [&_td]:px-2 [&_td]:py-1 [&_th]:border-b [&_th]:border-line [&_th]:px-2 [&_th]:py-1 [&_th]:text-left [&_th]:text-muted">
        {children}
      </table>
    </div>
  ),
  blockquote: ({ children }) => (
    <blockquote className="my-1.5 border-l-2 border-line pl-3 text-muted">{children}</blockquote>
  ),
}

function SafeLink({ href, children }: { href: string | undefined; children: React.ReactNode }) {
  if (!href) return <>{children}</>
  const internal = href.startsWith('/') && !href.startsWith('//')
  return (
    <a
      href={href}
      title={internal ? undefined : href}
      className="link break-words"
      {...(internal ? {} : { target: '_blank', rel: 'noreferrer noopener' })}
    >
      {children}
    </a>
  )
}

const Block = memo(function Block({ source, open }: { source: string; open: boolean }) {
  if (open) return <p className="my-1.5 font-mono text-xs break-words whitespace-pre-wrap">{source}</p>
  return (
    <ReactMarkdown remarkPlugins={[remarkGfm]} components={components} skipHtml>
      {source}
    </ReactMarkdown>
  )
})

export function Markdown({ text, streaming = false }: { text: string; streaming?: boolean }) {
  const blocks = useMemo(() => splitMarkdown(text, streaming), [text, streaming])
  return (
    <div className="min-w-0">
      {blocks.map((block, index) => (
        <Block key={index} source={block.source} open={block.open} />
      ))}
    </div>
  )
}
