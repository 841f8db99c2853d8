/** Flags of a command line: `--name value`, `--name=value`, `--flag`; dashes and underscores are the same. */
export interface Flags {
  has(...names: string[]): boolean
  text(...names: string[]): string | null
  number(...names: string[]): number | null
  positional: readonly string[]
}

const FALSE = new Set(['false', '0', 'no', 'off', 'none'])

export function readFlags(argv: readonly string[]): Flags {
  const values = new Map<string, string>()
  const positional: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (!/^--?[A-Za-z]/.test(word)) {
      positional.push(word)
      continue
    }
    const equals = word.indexOf('=')
    const name = normal(equals < 0 ? word : word.slice(0, equals))
    const next = argv[i + 1]
    if (equals >= 0) values.set(name, word.slice(equals + 1))
    else if (next !== undefined && !/^--?[A-Za-z]/.test(next)) {
      values.set(name, next)
      // A flag without a value may stand before a word of its own (torchrun --standalone train.py): keep both readings.
      positional.push(next)
      i += 1
    } else values.set(name, 'true')
  }
  const text = (...names: string[]) => names.map((n) => values.get(normal(n))).find((v) => v !== undefined) ?? null
  return {
    has: (...names) => {
      const value = text(...names)
      return value !== null && !FALSE.has(value.toLowerCase())
    },
    text,
    number: (...names) => {
      const value = Number(text(...names) ?? Number.NaN)
      return Number.isFinite(value) ? value : null
    },
    positional,
  }
}

const normal = (name: string): string => name.replace(/^-+/, '').toLowerCase().replaceAll('_', '-')
