import type { PlannerSettingsView } from '@clawbernetes/protocol/views/planner'

/** What a language model gets to see, and who answers when it does not. */
export function DataSent({ settings }: { settings: PlannerSettingsView }) {
  const provider = settings.provider ?? settings.installation.provider
  const model = settings.provider ? settings.model : settings.installation.model
  return (
    <div className="grid gap-3">
      {provider === 'embedded' ? (
        <p>The embedded planner runs inside this installation: nothing is sent anywhere.</p>
      ) : (
        <>
          <p>With each message, this goes to {model ?? 'the model'}:</p>
          <ul className="grid list-disc gap-1 pl-5">
            <li>the message, and the last twelve of its conversation;</li>
            <li>your role, the time, and what the page shows (such as node-06, GPU 3);</li>
            <li>names and descriptions of the skills, and the pages of those that the model opens;</li>
            <li>
              results of the tools that it calls: names, states and figures of nodes, GPUs, workloads and plans,
              findings, and log lines when a log is asked for.
            </li>
          </ul>
          <p>
            Never sent: values of stored secrets, API keys, passwords, members’ addresses, other organisations. What
            looks like a key, token or password is taken out of messages and logs first.
          </p>
        </>
      )}
      <div>
        <p className="font-semibold">Who answers</p>
        <ol className="list-decimal pl-5">
          {provider === 'embedded' ? null : (
            <li>
              {provider} {model}: three attempts, then
            </li>
          )}
          <li>the embedded planner, which always works. An answer says when it stood in.</li>
        </ol>
        <p className="mt-1 text-sm text-muted">
          A yes or no to a waiting plan is read by the embedded planner alone. No model can approve.
        </p>
      </div>
    </div>
  )
}
