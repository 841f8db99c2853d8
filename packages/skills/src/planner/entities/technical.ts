import { type Candidate, candidate } from './entity'

const EMAIL = /[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi
const URL_PATTERN = /\bhttps?:\/\/[^\s"'<>)]+/gi
const HOST =
  /(?<![\w@/.-])(?:[a-z0-9-]+\.)+(?:com|io|ai|net|org|dev|internal|local|lan|app|cloud|co|example|test|xyz|corp|intra)(?![\w-])(?!\/)/gi
const PATH = /(?<![\w:/.])(?:\/|~\/|\.\/|s3:\/\/|gs:\/\/|nfs:\/\/)[\w@%+=.-]+(?:\/[\w@%+=.*-]+)*\/?/g
const FILE = /(?<![\w/.-])[\w-]+\.(?:py|sh|ipynb|jsonl?|ya?ml|csv|parquet|tar(?:\.gz)?|txt|toml)\b/gi
const IMAGE =
  /(?<![\w/.@-])(?:[a-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*(?::[\w][\w.-]*|@sha256:[a-f0-9]{8,64})(?![\w/])/gi
const BARE_IMAGE =
  /(?<![\w/.@-])(?:vllm\/vllm-openai|nvcr\.io\/[\w./-]+|ghcr\.io\/[\w./-]+|docker\.io\/[\w./-]+|pytorch\/pytorch|nvidia\/cuda|tritonserver)(?![\w:])/gi
const CHANNEL = /(?<![\w/&])#[a-z][\w-]*/gi
const FLAG = /(?<![\w-])--[a-z][\w-]*(?:=[^\s,;]+)?/gi
const ASSIGNMENT = /(?<![\w-])([A-Za-z][A-Za-z0-9_.]*[A-Za-z0-9])\s?=\s?("[^"]*"|'[^']*'|[^\s,;]+)/g
const ENV_KEY = /(?<![\w-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w-])/g
/** "CUDA_ERROR_LAUNCH_FAILED" is an error that somebody met, not a variable. */
const ERROR_CODE = /^(?:CUDA|CUBLAS|CUDNN|NVML|HIP)_(?!VISIBLE|HOME|DEVICE)|_(?:ERROR|FAILED|FAILURE)(?:_|$)/
const QUOTED = /"([^"]{1,200})"|(?<=^|[\s(])'([^']{1,200})'(?=$|[\s,.;!?)])/g
const RUNTIME =
  /(?<![\w-])(?:vllm|tgi|text[- ]generation[- ]inference|triton|sglang|ollama|llama\.cpp|tensorrt(?:-llm)?|trt-llm|tei|torchserve|ray serve|onnx ?runtime)(?![\w-])/gi
const VERSION =
  /(?<![\w.-])(?:v\d+(?:\.\d+){0,3}(?:-[a-z0-9.]+)?|version \d+(?:\.\d+){0,3}|\d+\.\d+\.\d+(?:-[a-z0-9.]+)?|(?:rev|build|release) \d+)(?![\w])/gi

const RUNTIMES: Readonly<Record<string, string>> = {
  'text generation inference': 'tgi',
  'text-generation-inference': 'tgi',
  'trt-llm': 'tensorrt-llm',
}

/** Things written in a machine's spelling: paths, images, hosts, flags, keys, versions. */
export function scanTechnical(text: string): Candidate[] {
  const found: Candidate[] = []
  const add = <K extends 'email' | 'url' | 'host' | 'path' | 'image' | 'channel' | 'flag' | 'envKey'>(
    kind: K,
    pattern: RegExp,
    priority: number,
  ): void => {
    for (const match of text.matchAll(pattern)) {
      const clean = match[0].replace(/[.,;!?]+$/, '')
      found.push(candidate(kind, clean, match.index, clean, priority))
    }
  }
  add('email', EMAIL, 120)
  add('url', URL_PATTERN, 119)
  add('path', PATH, 118)
  add('path', FILE, 117)
  add('host', HOST, 110)
  add('flag', FLAG, 112)
  add('channel', CHANNEL, 111)
  for (const match of text.matchAll(ENV_KEY))
    if (!ERROR_CODE.test(match[0])) found.push(candidate('envKey', match[0], match.index, match[0], 108))
  add('image', BARE_IMAGE, 105)
  for (const match of text.matchAll(IMAGE)) {
    if (/^\d{1,2}:\d{2}|^\d+:\d+$|^https?:/i.test(match[0])) continue
    if (
      /^(?:model|data|dataset|path|note|job|fyi|ps|re|subject|question|cron|node|name|port|gpu|error|log|logs|task|goal|plan|image|command|cmd|todo|update)s?:/i.test(
        match[0],
      )
    )
      continue
    found.push(candidate('image', match[0], match.index, match[0], 106))
  }
  for (const match of text.matchAll(ASSIGNMENT)) {
    const value = (match[2] ?? '').replace(/^["']|["']$/g, '')
    found.push(candidate('assignment', { key: match[1] ?? '', value }, match.index, match[0], 113))
  }
  for (const match of text.matchAll(RUNTIME)) {
    const named = match[0].toLowerCase()
    found.push(candidate('runtime', RUNTIMES[named] ?? named, match.index, match[0], 86))
  }
  for (const match of text.matchAll(VERSION)) {
    const value = match[0]
      .toLowerCase()
      .replace(/^version (\d)/, 'v$1')
      .replace(/^(?:rev|build|release) /, '')
    found.push(candidate('version', value, match.index, match[0], 75))
  }
  for (const match of text.matchAll(QUOTED)) {
    found.push(candidate('quoted', match[1] ?? match[2] ?? '', match.index, match[0], 3))
  }
  return found
}
