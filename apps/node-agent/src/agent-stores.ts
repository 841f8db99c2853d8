import { AssignmentStore } from './assignments/assignment-store'
import { openReplicaJournal, type ReplicaJournal } from './assignments/replica-journal'
import { CommandJournal } from './commands/command-journal'
import { type LogCursors, openLogCursors } from './logs/log-cursor'
import { MachineBook } from './state/machine-book'
import { SeqFloor } from './state/seq-floor'

/** What an agent keeps on disk, opened. */
export interface AgentStores {
  book: MachineBook
  assignments: AssignmentStore
  replicas: ReplicaJournal
  commands: CommandJournal
  cursors: LogCursors
}

export async function openStores(stateDir: string, bootId: string): Promise<AgentStores> {
  const floor = await SeqFloor.open(stateDir)
  return {
    book: await MachineBook.open(stateDir, bootId),
    assignments: await AssignmentStore.open(stateDir),
    replicas: await openReplicaJournal(stateDir, floor),
    commands: await CommandJournal.open(stateDir),
    cursors: await openLogCursors(stateDir, floor),
  }
}
