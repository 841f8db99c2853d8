/** 32-bit FNV-1a: a seed from a name. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}

/** A number in [0, 1) that depends only on its arguments: the simulator's only source of chance. */
export function chance(seed: number, index: number): number {
  let x = (seed ^ Math.imul(index | 0, 0x9e3779b1)) >>> 0
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return ((x ^ (x >>> 15)) >>> 0) / 0x1_0000_0000
}

/** Smooth noise in [-1, 1] over time: neighbouring moments are alike, as they are on a machine. */
export function drift(seed: number, tMs: number, periodMs: number): number {
  const at = tMs / periodMs
  const left = Math.floor(at)
  const part = at - left
  const ease = part * part * (3 - 2 * part)
  const a = chance(seed, left) * 2 - 1
  const b = chance(seed, left + 1) * 2 - 1
  return a + (b - a) * ease
}
