import { type Command, InvalidArgumentError } from 'commander'
import type { CommandContext } from './command-context'
import {
  auditColumns,
  findingColumns,
  gpuColumns,
  list,
  type ListOptions,
  nodeColumns,
  planColumns,
  showThread,
  threadColumns,
  workloadColumns,
} from './commands/lists'
import { type LogOptions, logs } from './commands/logs'
import { exportAudit, verifyAudit } from './commands/organization'
import { showPlan } from './commands/plan-actions'
import type { Done } from './program'

/** Everything that is read: lists as tables, one thing in full, log lines. */
export function listCommands(root: Command, context: CommandContext, done: Done): void {
  fleetCommands(root, context, done)
  recordCommands(root, context, done)
  auditCommand(root, context, done)
  logsCommand(root, context, done)
}

const lists = (root: Command, name: string, description: string): Command =>
  root
    .command(name)
    .description(description)
    .option('--limit <n>', 'at most so many', wholeNumber)
    .option('--after <cursor>', 'go on after a page')
    .option('--json', 'print JSON')

function fleetCommands(root: Command, context: CommandContext, done: Done): void {
  lists(root, 'nodes', 'list nodes').action((options: ListOptions) =>
    done(
      list(context, { path: '/nodes', query: {}, columns: nodeColumns, nothing: 'There are no nodes yet.' }, options),
    ),
  )
  lists(root, 'gpus', 'list GPUs')
    .option('--node <id>', 'only of this node')
    .action(({ node, ...options }: ListOptions & { node?: string }) => {
      const spec = { path: '/gpus', query: { nodeId: node }, columns: gpuColumns, nothing: 'There are no GPUs.' }
      return done(list(context, spec, options))
    })
  lists(root, 'workloads', 'list workloads')
    .option('--view <view>', 'live, ended or all', 'all')
    .option('--search <text>', 'part of a name')
    .action(({ view, search, ...options }: ListOptions & { view: string; search?: string }) => {
      const query = { view, search }
      const spec = { path: '/workloads', query, columns: workloadColumns, nothing: 'There are no workloads.' }
      return done(list(context, spec, options))
    })
  lists(root, 'findings', 'list diagnosed facts')
    .option('--state <state>', 'open, cleared or all', 'open')
    .action(({ state, ...options }: ListOptions & { state: string }) => {
      const spec = { path: '/findings', query: { state }, columns: findingColumns, nothing: 'There are no findings.' }
      return done(list(context, spec, options))
    })
}

function recordCommands(root: Command, context: CommandContext, done: Done): void {
  lists(root, 'plans', 'list plans, or show one')
    .argument('[plan]', 'label such as PL-204')
    .option('--view <view>', 'waiting, active, decided or all', 'all')
    .action((plan: string | undefined, { view, ...options }: ListOptions & { view: string }) => {
      const spec = { path: '/plans', query: { view }, columns: planColumns, nothing: 'There are no plans.' }
      return done(plan ? showPlan(context, plan, options.json ?? false) : list(context, spec, options))
    })
  lists(root, 'threads', 'list conversations, or read one')
    .argument('[thread]', 'id of a conversation')
    .option('--search <text>', 'words to look for')
    .action((thread: string | undefined, { search, ...options }: ListOptions & { search?: string }) => {
      const query = { search }
      const spec = { path: '/threads', query, columns: threadColumns, nothing: 'There are no conversations.' }
      return done(thread ? showThread(context, thread, options) : list(context, spec, options))
    })
}

interface AuditOptions extends ListOptions {
  action?: string
  target?: string
  actor?: string
  via?: string
  export?: boolean
  verify?: boolean
}

function auditCommand(root: Command, context: CommandContext, done: Done): void {
  lists(root, 'audit', 'list the audit log, newest first')
    .option('--action <prefix>', 'beginning of an action, such as plan.')
    .option('--target <text>', 'part of a target')
    .option('--actor <text>', 'part of a name or e-mail, or agent, system')
    .option('--via <door>', 'web, chat, cli, api, mcp, slack or discord')
    .option('--export', 'the log as a file, one JSON object a line, oldest first')
    .option('--verify', 'check the chain of the log')
    .action(({ action, target, actor, via, export: whole, verify, ...options }: AuditOptions) => {
      const query = { action, target, actor, via }
      if (verify) return done(verifyAudit(context, options.json ?? false))
      if (whole) return done(exportAudit(context, query))
      return done(
        list(context, { path: '/audit', query, columns: auditColumns, nothing: 'Nothing was audited.' }, options),
      )
    })
}

function logsCommand(root: Command, context: CommandContext, done: Done): void {
  root
    .command('logs')
    .description('print log lines of a workload')
    .argument('<workload>', 'name or id')
    .option('--follow', 'go on with new lines until Ctrl-C')
    .option('--lines <n>', 'how many of the newest', wholeNumber)
    .option('--level <level>', 'debug, info, warning or error')
    .option('--search <text>', 'only lines with these words')
    .option('--json', 'print JSON; with --follow one object a line')
    .action((workload: string, options: LogOptions) => done(logs(context, workload, options)))
}

function wholeNumber(value: string): number {
  if (!/^\d{1,6}$/.test(value) || Number(value) < 1) throw new InvalidArgumentError('A whole number, please.')
  return Number(value)
}
