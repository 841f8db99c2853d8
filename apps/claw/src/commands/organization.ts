import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type CommandContext, printJson } from '../command-context'
import { EXIT, type ExitCode } from '../exit-codes'
import { oneLine } from '../terminal'

interface Me {
  user: { name: string }
  organization: { name: string }
  role: string
  key: { name: string; scopes: string[]; expiresAt: string | null }
}
interface Freeze {
  frozen: { at: string; by: string; reason: string } | null
}

export async function me(context: CommandContext, json: boolean): Promise<ExitCode> {
  const answer = await context.api().get<Me>('/me')
  if (json) printJson(context.output, answer)
  else {
    const { user, organization, role, key } = answer
    const until = key.expiresAt ? `until ${key.expiresAt.slice(0, 10)}` : 'without an end'
    context.output.out(
      `${oneLine(user.name)}, ${role} of ${oneLine(organization.name)}\nKey ${oneLine(key.name)}: ${key.scopes.join(', ')}; ${until}\n`,
    )
    await tellFreeze(context)
  }
  return EXIT.ok
}

export async function freeze(context: CommandContext, options: { reason: string; json?: boolean }): Promise<ExitCode> {
  const answer = await context.api().post<{ already: boolean }>('/freeze', { reason: options.reason })
  if (options.json) printJson(context.output, answer)
  else
    context.output.out(
      answer.already
        ? 'The emergency stop was on already.\n'
        : 'The emergency stop is on: nothing is proposed, approved or started until an administrator lifts it (claw unfreeze).\n',
    )
  return EXIT.ok
}

export async function unfreeze(
  context: CommandContext,
  options: { reason: string; json?: boolean },
): Promise<ExitCode> {
  const answer = await context.api().post<{ resumed: number }>('/unfreeze', { reason: options.reason })
  if (options.json) printJson(context.output, answer)
  else context.output.out(`The emergency stop is off. ${answer.resumed} plans go on.\n`)
  return EXIT.ok
}

async function tellFreeze(context: CommandContext): Promise<void> {
  const { frozen } = await context.api().get<Freeze>('/freeze')
  if (frozen)
    context.output.out(
      `! The emergency stop is on since ${frozen.at.slice(0, 16).replace('T', ' ')} UTC, by ${oneLine(frozen.by)}: ${oneLine(frozen.reason)}\n`,
    )
}

/** The audit log as a file, oldest first; its first line says what it is. */
export async function exportAudit(
  context: CommandContext,
  query: Record<string, string | undefined>,
): Promise<ExitCode> {
  const response = await context.api().open('/audit/export', query)
  if (response.body) await pipeline(Readable.fromWeb(response.body as never), process.stdout, { end: false })
  return EXIT.ok
}

export async function verifyAudit(context: CommandContext, json: boolean): Promise<ExitCode> {
  const report = await context
    .api()
    .get<{ entries: number; brokenAt: number | null; why: string | null; headHash: string }>('/audit/verify')
  if (json) printJson(context.output, report)
  else
    context.output.out(
      report.brokenAt === null
        ? `The chain holds: ${report.entries} entries, it ends in ${oneLine(report.headHash)}.\n`
        : `The chain is broken at entry ${report.brokenAt}: ${oneLine(report.why ?? 'it does not fit')}.\n`,
    )
  return report.brokenAt === null ? EXIT.ok : EXIT.failed
}
