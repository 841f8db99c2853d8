import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import * as z from 'zod'

/** One device that a CDI spec of this machine offers. */
export interface CdiDevice {
  kind: string
  name: string
  /** The device nodes that it puts into a container; empty where the spec lists none for it. */
  nodes: string[]
}

const jsonSpec = z.object({
  kind: z.string(),
  devices: z.array(
    z.object({
      name: z.string(),
      containerEdits: z.object({ deviceNodes: z.array(z.object({ path: z.string() })).optional() }).optional(),
    }),
  ),
})

/** Every device of the specs in these folders; a spec that cannot be read is passed over, as engines do. */
export function readCdiDevices(folders: readonly string[]): CdiDevice[] {
  return folders.flatMap((folder) => listSpecs(folder).flatMap(readSpec))
}

function listSpecs(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.(json|ya?ml)$/.test(name))
      .sort()
      .map((name) => path.join(folder, name))
  } catch {
    return []
  }
}

function readSpec(file: string): CdiDevice[] {
  try {
    const text = readFileSync(file, 'utf8')
    return file.endsWith('.json') ? fromJson(text) : fromYaml(text)
  } catch {
    return []
  }
}

function fromJson(text: string): CdiDevice[] {
  const { kind, devices } = jsonSpec.parse(JSON.parse(text))
  return devices.map(({ name, containerEdits }) => ({
    kind,
    name,
    nodes: containerEdits?.deviceNodes?.map((node) => node.path) ?? [],
  }))
}

/**
 * The names and nodes out of a spec in YAML, by the shape that nvidia-ctk writes (block style, the keys of a device in
 * any order, nodes in block or flow style). Not a YAML reader: what has another shape gives no devices, and the engine
 * is then asked by other means.
 */
function fromYaml(text: string): CdiDevice[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s*(#|---)/.test(line))
  const kind = unquote(lines.map((line) => /^kind:\s*(.+)$/.exec(line)?.[1]).find((value) => value !== undefined) ?? '')
  const start = lines.findIndex((line) => /^devices:\s*$/.test(line)) + 1
  if (start === 0) return []
  const length = lines.slice(start).findIndex((line) => /^[A-Za-z]/.test(line))
  const section = lines.slice(start, length < 0 ? undefined : start + length)
  return deviceItems(section).map((item) => ({ kind, ...readItem(item) }))
}

/** One list of lines per device: an item starts with a dash at the depth of the first one. */
function deviceItems(section: string[]): string[][] {
  const depth = section[0] === undefined ? 0 : indentOf(section[0])
  const items: string[][] = []
  for (const line of section) {
    if (indentOf(line) === depth && line.trimStart().startsWith('- ')) items.push([])
    // The dash counts as indentation: what follows it stands in line with the item's other keys.
    items.at(-1)?.push(items.at(-1)?.length === 0 ? line.replace('- ', '  ') : line)
  }
  return items
}

function readItem(lines: string[]): Pick<CdiDevice, 'name' | 'nodes'> {
  const depth = indentOf(lines[0] ?? '')
  let name = ''
  let nodesDepth: number | null = null
  const nodes: string[] = []
  for (const line of lines) {
    const indent = indentOf(line)
    const content = line.trim()
    if (indent === depth && content.startsWith('name:')) name = unquote(content.slice('name:'.length))
    if (nodesDepth !== null && (indent < nodesDepth || (indent === nodesDepth && !content.startsWith('-'))))
      nodesDepth = null
    if (content.startsWith('deviceNodes:')) nodesDepth = indent
    if (nodesDepth !== null) nodes.push(...nodePaths(content))
  }
  return { name, nodes }
}

const indentOf = (line: string): number => line.length - line.trimStart().length

const nodePaths = (content: string): string[] =>
  [...content.matchAll(/(?:^|[{,\s])(?:- )?path:\s*("[^"]*"|'[^']*'|[^\s,}]+)/g)].map((match) =>
    unquote(match[1] ?? ''),
  )

const unquote = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, '$2')
