import { basename } from 'node:path'
import { type Flags, readFlags } from './argv'

/** What a command line is, as far as a machine that will not really run it can tell. */
export type ParsedCommand =
  | { kind: 'train'; flags: Flags; script: string; processesPerNode: number | 'all'; nodes: number }
  | { kind: 'sleep'; seconds: number | null }
  | { kind: 'echo'; text: string }
  | { kind: 'exit'; code: number }
  | { kind: 'nvidia-smi' }
  | { kind: 'task'; title: string; flags: Flags }

const TRAIN_SCRIPT = /(^|[/_.-])(train|training|pretrain|finetune|fine[-_]tune|sft|dpo|lora|axolotl)/i
const LAUNCHERS = new Set(['torchrun', 'accelerate', 'deepspeed'])

export function parseCommand(command: readonly string[]): ParsedCommand {
  const argv = withoutShell(command)
  const program = basename(argv[0] ?? '')
  const rest = argv.slice(1)
  const flags = readFlags(rest)
  switch (program) {
    case 'sleep':
      return { kind: 'sleep', seconds: rest[0] === 'infinity' ? null : seconds(rest[0] ?? '') }
    case 'echo':
      return { kind: 'echo', text: rest.join(' ') }
    case 'true':
      return { kind: 'exit', code: 0 }
    case 'false':
      return { kind: 'exit', code: 1 }
    case 'exit':
      return { kind: 'exit', code: Math.min(255, Math.max(0, Math.round(Number(rest[0] ?? 0)) || 0)) }
    case 'nvidia-smi':
      return { kind: 'nvidia-smi' }
  }
  const script = argv.find((word) => /\.(py|sh)$/.test(word)) ?? moduleName(argv) ?? ''
  const launched =
    LAUNCHERS.has(program) || argv.some((word) => word === 'torch.distributed.run' || word === 'torchrun')
  const trains =
    launched ||
    (/^python/.test(program) && TRAIN_SCRIPT.test(script)) ||
    (flags.text('model', 'model-name-or-path', 'base-model') !== null &&
      flags.text('epochs', 'num-train-epochs', 'max-steps') !== null)
  if (!trains) return { kind: 'task', title: title(argv), flags }
  return {
    kind: 'train',
    flags,
    script: script || program,
    processesPerNode: processes(flags),
    nodes: Math.max(1, Math.round(flags.number('nnodes', 'num-machines') ?? 1)),
  }
}

/** `bash -c "…"` says what it runs in one word; only looked at, never executed. */
function withoutShell(command: readonly string[]): readonly string[] {
  const program = basename(command[0] ?? '')
  if (!/^(ba|da|z|)sh$/.test(program)) return command
  const at = command.findIndex((word) => /^-[a-z]*c$/.test(word))
  const text = at < 0 ? null : command[at + 1]
  if (!text) return command
  const lastOfChain =
    text
      .split(/&&|;|\n/)
      .map((part) => part.trim())
      .filter(Boolean)
      .at(-1) ?? text
  return lastOfChain
    .split(/\s+/)
    .map((word) => word.replaceAll(/^["']|["']$/g, ''))
    .filter((word) => word !== 'exec')
}

function processes(flags: Flags): number | 'all' {
  const text = flags.text('nproc-per-node', 'num-processes', 'num-gpus')
  const number = Number(text)
  return text !== null && Number.isInteger(number) && number > 0 ? number : 'all'
}

function moduleName(argv: readonly string[]): string | null {
  const at = argv.indexOf('-m')
  return at < 0 ? null : (argv[at + 1] ?? null)
}

const title = (argv: readonly string[]): string =>
  argv
    .slice(0, 3)
    .map((word) => basename(word))
    .join(' ')
    .slice(0, 60) || 'task'

function seconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text)
  if (!match) return 0
  const factor = { s: 1, m: 60, h: 3600, d: 86_400, '': 1 }[match[2] as 's' | 'm' | 'h' | 'd' | '']
  return Number(match[1]) * factor
}
