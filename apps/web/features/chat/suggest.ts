/** What the words before the caret ask to be completed: a skill after `/` at the very start, a thing of the fleet after `@`. */
export type Completion = { kind: 'skill' | 'mention'; typed: string; start: number; end: number }

const SKILL = /^\/([a-z-]*)$/
const MENTION = /(?:^|[\s(,])@([\w.:/-]{0,40})$/

export function completionAt(text: string, caret: number): Completion | null {
  const before = text.slice(0, caret)
  const skill = SKILL.exec(before)
  if (skill) return { kind: 'skill', typed: skill[1] ?? '', start: 0, end: caret }
  const mention = MENTION.exec(before)
  if (!mention) return null
  const typed = mention[1] ?? ''
  return { kind: 'mention', typed, start: caret - typed.length - 1, end: caret }
}

/** Puts the name where the typed letters stood, one space after it, and says where the caret goes. */
export function completed(text: string, at: Completion, name: string): { text: string; caret: number } {
  const rest = text.slice(at.end).replace(/^ /, '')
  const head = `${text.slice(0, at.start)}${name} `
  return { text: `${head}${rest}`, caret: head.length }
}

const COMMAND = /^\/([a-z][a-z-]*)(?:\s+([\s\S]+))?$/

/** What is sent: `/skill` alone asks for its help, `/skill words` are the words. A path such as `/data` stays what it is. */
export function withoutCommand(text: string, skillNames: readonly string[]): string {
  const command = COMMAND.exec(text.trim())
  const name = command?.[1]
  if (!name || !skillNames.includes(name)) return text
  return command[2]?.trim() ?? `help ${name}`
}
