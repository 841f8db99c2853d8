/** A request to run what stands between backticks: the command to the letter, and the sentence with a plain word in its place. */
export interface QuotedCommand {
  command: string
  sentence: string
}

const ASKS_TO_RUN =
  /^(?:(?:please|ok|so|now|hey|can you|could you|would you|i want to|i need to|let's|lets)[,\s]+)*(?:run|execute|start|launch|kick off|do)\b/i

/** The command alone, and where: "`df -h` on node-02". */
const COMMAND_AND_PLACE = /^\s*`[^`]+`\s+(?:on|over|across|everywhere)\b/i

/** null where no command is quoted, several are, or the sentence does not ask to run it ("what does `nvidia-smi` say?"). */
export function quotedCommand(text: string): QuotedCommand | null {
  const quotes = [...text.matchAll(/`([^`\n]{1,2000})`/g)]
  const [only] = quotes
  if (quotes.length !== 1 || !only?.[1] || /\?\s*$/.test(text)) return null
  if (!ASKS_TO_RUN.test(text) && !COMMAND_AND_PLACE.test(text)) return null
  return { command: only[1].trim(), sentence: text.replace(only[0], 'the batch job') }
}
