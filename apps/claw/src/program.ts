import { PRODUCT_VERSION } from '@clawbernetes/protocol/version'
import { Command } from 'commander'
import type { CommandContext } from './command-context'
import { chat } from './commands/chat'
import { approve, type DecideOptions, followPlan, reject } from './commands/decide'
import { mcp } from './commands/mcp'
import { freeze, me, unfreeze } from './commands/organization'
import { cancel, undo } from './commands/plan-actions'
import type { ExitCode } from './exit-codes'
import { listCommands } from './list-commands'

const HELP = `
Environment:
  CLAWBERNETES_URL       address of the installation, such as http://localhost:3000
  CLAWBERNETES_API_KEY   a key of Settings > API keys

Exit codes:
  0 done   1 failed   2 wrong command line   3 a plan waits for approval   4 refused
  5 no such thing   6 somebody decided before you   7 no or invalid key   8 not reachable, try again

Examples:
  claw chat "how is the fleet doing?"
  claw approve PL-204          claw logs fine-tune-llama --follow          claw nodes --json`

export type Done = (exit: Promise<ExitCode>) => Promise<void>

/** Every command with its options; `done` takes what it ends with. */
export function program(context: CommandContext, done: Done): Command {
  const root = new Command('claw')
    .description('Talk to a Clawbernetes fleet, decide on its plans, read what it does.')
    .version(PRODUCT_VERSION)
    .addHelpText('after', HELP)
    .showHelpAfterError('(claw --help shows what there is)')
    .configureOutput({ writeOut: (text) => context.output.out(text), writeErr: (text) => context.output.err(text) })
    .exitOverride()
  talkCommands(root, context, done)
  listCommands(root, context, done)
  organizationCommands(root, context, done)
  return root
}

function talkCommands(root: Command, context: CommandContext, done: Done): void {
  root
    .command('chat')
    .description('say something to the agent and print its answer')
    .argument('<text>', 'what to say')
    .option('--thread <id>', 'go on in this conversation')
    .option('--json', 'print JSON')
    .action((text: string, options) => done(chat(context, text, options)))
  root
    .command('approve')
    .description('show a plan, ask, and approve exactly what was shown')
    .argument('<plan>', 'label such as PL-204, or id')
    .option('--yes', 'do not ask')
    .option('--type <name>', 'the name that a high-risk plan asks for')
    .option('--wait', 'stay until the plan is over')
    .option('--json', 'print JSON')
    .action((plan: string, options: DecideOptions) => done(approve(context, plan, options)))
  root
    .command('reject')
    .description('show a plan, ask, and reject it')
    .argument('<plan>', 'label such as PL-204, or id')
    .option('--reason <text>', 'why; the agent reads it too')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .action((plan: string, options: DecideOptions) => done(reject(context, plan, options)))
  const onPlan = (name: string, description: string, run: (plan: string, json: boolean) => Promise<ExitCode>) =>
    root
      .command(name)
      .description(description)
      .argument('<plan>', 'label such as PL-204, or id')
      .option('--json', 'print JSON')
      .action((plan: string, options: { json?: boolean }) => done(run(plan, options.json ?? false)))
  onPlan('undo', 'draft the plan that takes a finished one back', (plan, json) => undo(context, plan, json))
  onPlan('cancel', 'withdraw a waiting plan, or end a running one after its step', (plan, json) =>
    cancel(context, plan, json),
  )
  onPlan('wait', 'stay until a plan is over', (plan, json) => followPlan(context, plan, { json }))
}

function organizationCommands(root: Command, context: CommandContext, done: Done): void {
  root
    .command('me')
    .description('who this key acts as')
    .option('--json', 'print JSON')
    .action((options: { json?: boolean }) => done(me(context, options.json ?? false)))
  const stops = (
    name: string,
    description: string,
    run: (options: { reason: string; json?: boolean }) => Promise<ExitCode>,
  ) =>
    root
      .command(name)
      .description(description)
      .requiredOption('--reason <text>', 'why; it stands in the audit')
      .option('--json', 'print JSON')
      .action((options: { reason: string; json?: boolean }) => done(run(options)))
  stops('freeze', 'pull the emergency stop', (options) => freeze(context, options))
  stops('unfreeze', 'lift the emergency stop', (options) => unfreeze(context, options))
  root
    .command('mcp')
    .description('serve the Model Context Protocol on standard input and output')
    .action(() => done(mcp(context)))
}
