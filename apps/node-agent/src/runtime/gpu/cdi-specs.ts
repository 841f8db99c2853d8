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
 * The names and nodes out of a spec in YAML, by the shape that nvidia-ctk writes (block style, nodes in block or flow
 * style). Not a YAML reader: what has another shape gives no devices, and the engine is then asked by other means.
 */
function fromYaml(text: string): CdiDevice[] {
  let kind = ''
  let section = ''
  let inNodes: number | null = null
  const devices: CdiDevice[] = []
  for (const line of text.split('\n')) {
    const content = line.trim()
    if (content === '' || content.startsWith('#') || content === '---') continue
    const indent = line.length - line.trimStart().length
    const top = /^([A-Za-z]+):\s*(.*)$/.exec(line)
    if (top) {
      section = top[1] ?? ''
      if (section === 'kind') kind = unquote(top[2] ?? '')
    }
    if (section !== 'devices') continue
    const name = /^(?:- )?name:\s*(.+)$/.exec(content)
    if (name) {
      devices.push({ kind, name: unquote(name[1] ?? ''), nodes: [] })
      inNodes = null
      continue
    }
    if (content.includes('deviceNodes:')) inNodes = indent
    else if (inNodes !== null && indent <= inNodes && !content.startsWith('-')) inNodes = null
    if (inNodes !== null) devices.at(-1)?.nodes.push(...nodePaths(content))
  }
  return devices.map((device) => ({ ...device, kind }))
}

const nodePaths = (content: string): string[] =>
  [...content.matchAll(/(?:^|[{,\s])(?:- )?path:\s*("[^"]*"|'[^']*'|[^\s,}]+)/g)].map((match) =>
    unquote(match[1] ?? ''),
  )

const unquote = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, '$2')
