import { createInterface } from 'node:readline/promises'
import { CommanderError } from 'commander'
import { commandContext } from './command-context'
import { ClawError, EXIT, type ExitCode } from './exit-codes'
import { program } from './program'
import { processOutput } from './terminal'

async function main(argv: string[]): Promise<ExitCode> {
  const output = processOutput()
  const ask = async (question: string) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr })
    try {
      return await lines.question(question)
    } finally {
      lines.close()
    }
  }
  let exit: ExitCode = EXIT.ok
  const done = async (ended: Promise<ExitCode>) => {
    exit = await ended
  }
  try {
    await program(commandContext(output, process.env, ask), done).parseAsync(argv, { from: 'user' })
    return exit
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    if (error instanceof ClawError) {
      output.err(`claw: ${error.message}\n`)
      return error.exit
    }
    output.err(`claw: ${error instanceof Error ? error.message : String(error)}\n`)
    return EXIT.failed
  }
}

// What was written may still be on its way into a pipe: the process ends by itself, with this code.
main(process.argv.slice(2)).then((code) => {
  process.exitCode = code
  if (process.stdin.isTTY) process.stdin.unref()
}, console.error)
