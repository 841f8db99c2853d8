import type { ApiDocument } from './app'

const METHODS = ['get', 'post'] as const

/** A page that lists every operation of the document: static, without scripts. */
export function referencePage(document: ApiDocument): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item?.[method]
      return operation ? [{ path, method, operation }] : []
    }),
  )
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags ?? []))]
  const sections = tags.map((tag) => {
    const rows = operations
      .filter(({ operation }) => operation.tags?.includes(tag))
      .map(({ path, method, operation }) => {
        const taken = (operation.parameters ?? []).flatMap((p) => ('name' in p && p.in === 'query' ? [p.name] : []))
        const query = taken.length > 0 ? `<p>Query: ${taken.map((name) => code(name)).join(' ')}</p>` : ''
        return `<article><h3>${code(`${method.toUpperCase()} ${path}`)}</h3><p>${text(operation.summary)}</p><p class="more">${text(operation.description)}</p>${query}</article>`
      })
    return `<section><h2>${text(tag)}</h2>${rows.join('')}</section>`
  })
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${text(document.info.title)} API</title><style>${STYLE}</style><main><h1>${text(document.info.title)} API</h1><p>${text(document.info.description)}</p><p>The whole document: <a href="/api/v1/openapi.json">openapi.json</a>. Keys: <a href="/settings?tab=api-keys">Settings, API keys</a>.</p><pre>curl -H "Authorization: Bearer $CLAWBERNETES_API_KEY" ${'$'}CLAWBERNETES_URL/api/v1/me</pre>${sections.join('')}</main></html>`
}

const text = (value: string | undefined): string =>
  (value ?? '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/`([^`]+)`/g, '<code>$1</code>')
const code = (value: string): string => `<code>${text(value)}</code>`

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:0;padding:24px}main{max-width:820px;margin:auto}h2{margin-top:2em;border-bottom:1px solid}h3{margin-bottom:0}article p{margin:.2em 0}.more{opacity:.8}code,pre{font:13px/1.5 ui-monospace,monospace}pre{overflow-x:auto;padding:8px;border:1px solid}`
