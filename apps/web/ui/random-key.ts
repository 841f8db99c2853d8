/** A key nobody else makes. `crypto.randomUUID` exists only on https and localhost; this works on every address. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
