import * as z from 'zod'

/** C0/C1 controls, bidirectional overrides and zero-width characters: they can make a name look like another one. */
const DECEPTIVE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/
const CONTROL_OR_NEWLINE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007]*(?:\u0007|\u001b\\)|\u001b[@-_]/g

/** Text that a person typed: any length up to `max`, newlines and tabs allowed, no control or bidi characters. */
export const plainText = (max: number) =>
  z
    .string()
    .max(max, `At most ${max.toLocaleString('en')} characters.`)
    .refine((s) => !DECEPTIVE.test(s), 'Control characters are not allowed.')

/** One line that names a thing (a display name, a reason): trimmed, 1 to `max` characters, nothing invisible. */
export const nameText = (max = 80) =>
  z
    .string()
    .trim()
    .min(1, 'A name is needed.')
    .max(max, `At most ${max} characters.`)
    .refine((s) => !CONTROL_OR_NEWLINE.test(s), 'Control characters are not allowed in names.')

/** A DNS-label-like name: nodes, workloads, services. */
export const slugText = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/, 'Use 1 to 63 lower-case letters, digits, dots and hyphens.')

/** Machine text (a log line, a name from a driver) made inert for display: no ANSI, no controls, at most `max` characters. */
export function inert(text: string, max = 4000): string {
  const clean = text.replace(ANSI, '').replace(new RegExp(DECEPTIVE.source, 'g'), '\ufffd')
  return clean.length > max ? `${clean.slice(0, max - 1)}…` : clean
}
