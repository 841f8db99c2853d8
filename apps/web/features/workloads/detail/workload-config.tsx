import type { WorkloadDetail } from '@clawbernetes/protocol/views/workload'
import { Card } from '@/ui/card'
import { CodeBlock } from '@/ui/disclosure'
import { formatPlural } from '@/ui/format'
import { FactList } from './fact-list'

const RESTART_WORDS = { never: 'never', 'on-failure': 'when it fails', always: 'always' } as const

/** What was asked for, as it stands in its spec. Read-only: a change is a plan. */
export function WorkloadConfig({ workload }: { workload: WorkloadDetail }) {
  const { rules, restart } = workload
  const labels = rules ? Object.entries(rules.labels).map(([name, value]) => `${name}=${value}`) : []
  return (
    <div className="grid gap-3 [grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr))]">
      <Card title="Spec" note={`revision ${workload.revision}`}>
        <FactList
          facts={[
            ['Kind', workload.kind],
            ['Runs as', workload.runtime ?? '—'],
            ['Image', workload.image ?? 'none'],
            ['Replicas', String(workload.replicasWanted)],
            ['GPUs', `${workload.gpusPerReplica} per replica`],
            [
              'Restart',
              restart
                ? `${RESTART_WORDS[restart.policy]}${restart.policy === 'never' ? '' : `, at most ${formatPlural(restart.maxRestarts, 'time')}`}`
                : '—',
            ],
            [
              'Id',
              <code key="id" className="font-mono text-xs break-all">
                {workload.id}
              </code>,
            ],
          ]}
        />
      </Card>
      <Card title="Placement rules">
        <FactList
          facts={[
            ['GPU model', rules?.gpuModel ?? 'any'],
            ['Nodes', rules?.nodes ? rules.nodes.join(', ') : 'any'],
            ['Not on', rules && rules.excludeNodes.length > 0 ? rules.excludeNodes.join(', ') : 'none'],
            ['Labels', labels.length > 0 ? labels.join(', ') : 'none'],
          ]}
        />
      </Card>
      <Card title="Command">
        {workload.command.length === 0 ? (
          <p className="text-muted">The image’s own.</p>
        ) : (
          <CodeBlock label="Command line">{workload.command.map(quoted).join(' ')}</CodeBlock>
        )}
      </Card>
      <Card title="Environment" note={String(workload.env.length)}>
        {workload.env.length === 0 ? <p className="text-muted">none</p> : null}
        <dl className="grid gap-1">
          {workload.env.map((one) => (
            <div key={one.name} className="min-w-0 font-mono text-xs break-all">
              <dt className="inline text-muted">{one.name}=</dt>
              <dd className="inline">{one.value}</dd>
            </div>
          ))}
        </dl>
      </Card>
      <Card title="Mounts" note={String(workload.mounts.length)}>
        {workload.mounts.length === 0 ? <p className="text-muted">none</p> : null}
        <ul className="m-0 list-none p-0">
          {workload.mounts.map((mount) => (
            <li key={mount.containerPath} className="font-mono text-xs break-all">
              {mount.hostPath} → {mount.containerPath} {mount.readOnly ? 'read-only' : 'read and write'}
            </li>
          ))}
        </ul>
      </Card>
    </div>
  )
}

/** For reading only: nothing here is ever handed to a shell. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
