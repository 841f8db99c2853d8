/** One element of the driver's full report, from `-q -x` (XML) or `-q` (indented text). */
export interface ReportNode {
  name: string
  text: string | null
  children: ReportNode[]
}

const XML_TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>]*>|<(\/?)([A-Za-z_][\w.-]*)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>|([^<]+)/g
const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" }

/** The tree of an XML report; null when it is cut off or not XML. The `id` of an element (a GPU's PCI address) becomes its text. */
export function parseXmlReport(xml: string): ReportNode | null {
  const top: ReportNode = { name: '', text: null, children: [] }
  const open: ReportNode[] = [top]
  let ended = 0
  for (const token of xml.matchAll(XML_TOKEN)) {
    if (token.index !== ended) return null
    ended = token.index + token[0].length
    const [, closing, name, attributes, selfClosing, text] = token
    const current = open.at(-1)
    if (!current) return null
    if (text !== undefined) {
      const told = text.trim().replaceAll(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity)
      if (told !== '') current.text = told
    } else if (name !== undefined && closing) {
      if (open.pop()?.name !== name) return null
    } else if (name !== undefined) {
      const node: ReportNode = { name, text: /\sid="([^"]*)"/.exec(attributes ?? '')?.[1] ?? null, children: [] }
      current.children.push(node)
      if (!selfClosing) open.push(node)
    }
  }
  return open.length === 1 && ended === xml.length && top.children.length > 0 ? top : null
}

/** The tree of a text report: four blanks a level, "Name : value" or a heading. */
export function parseTextReport(text: string): ReportNode | null {
  const top: ReportNode = { name: '', text: null, children: [] }
  const open: { depth: number; node: ReportNode }[] = [{ depth: -1, node: top }]
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('=')) continue
    const depth = line.length - line.trimStart().length
    const [, label = '', value] = /^\s*(.*?)(?:\s+: (.*))?$/.exec(line.trimEnd()) ?? []
    while ((open.at(-1)?.depth ?? -1) >= depth) open.pop()
    const gpu = depth === 0 ? /^GPU ([0-9A-Fa-f:.]+)$/.exec(label)?.[1] : undefined
    const node: ReportNode = { name: gpu ? 'gpu' : label.trim(), text: gpu ?? value?.trim() ?? null, children: [] }
    open.at(-1)?.node.children.push(node)
    open.push({ depth, node })
  }
  return top.children.some((node) => node.name === 'gpu') ? top : null
}

export function child(node: ReportNode | undefined, path: string[]): ReportNode | undefined {
  let current = node
  for (const name of path) current = current?.children.find((c) => c.name === name)
  return current
}

/** The text at the first of several paths that exists, each written "a/b/c". */
export function told(node: ReportNode, ...paths: string[]): string | null {
  for (const path of paths) {
    const found = child(node, path.split('/'))
    if (found?.text != null) return found.text
  }
  return null
}

export function* walk(node: ReportNode): Generator<ReportNode> {
  yield node
  for (const below of node.children) yield* walk(below)
}
