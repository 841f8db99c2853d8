import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { runTool } from '../machine/run-tool'
import { ownArgv } from './background'
import { EXIT_REFUSED } from './run'

export const UNIT = 'clawbernetes-node.service'

/**
 * The unit. KillMode=process and Delegate: replicas are children in groups of their own and outlive a restart of the
 * agent; a refusal for good is not tried again.
 */
export function unitText(argv: string[]): string {
  return `[Unit]
Description=Clawbernetes node agent
Wants=network-online.target
After=network-online.target docker.service podman.socket nvidia-persistenced.service

[Service]
ExecStart=${argv.map(unitQuote).join(' ')}
Restart=always
RestartSec=3
RestartPreventExitStatus=${EXIT_REFUSED}
KillMode=process
Delegate=yes
TasksMax=infinity
LimitNOFILE=1048576
UMask=0077

[Install]
WantedBy=multi-user.target
`
}

/** One argument of ExecStart: systemd reads quotes, backslashes, specifiers and variables of its own. */
export function unitQuote(argument: string): string {
  if (/[\n\r\0]/.test(argument)) throw new Error('A path with a line break cannot be written into a systemd unit.')
  return `"${argument.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`
}

/** Installs and starts the unit. Resolves with what to tell the person. */
export async function installSystemd(stateDir: string): Promise<{ ok: boolean; message: string }> {
  if (!existsSync('/run/systemd/system'))
    return {
      ok: false,
      message:
        'This machine does not run systemd. Join without --service and start the agent from what starts services here.',
    }
  if (process.getuid?.() !== 0)
    return { ok: false, message: 'Installing a service needs root: run the same command with sudo.' }
  const path = `/etc/systemd/system/${UNIT}`
  await writeFile(path, unitText([process.execPath, ...ownArgv('run', '--state-dir', stateDir)]), { mode: 0o644 })
  for (const argv of [['daemon-reload'], ['enable', UNIT], ['restart', UNIT]]) {
    const result = await runTool('systemctl', argv, 30_000)
    if (result.code !== 0)
      return { ok: false, message: `systemctl ${argv.join(' ')} failed: ${result.stderr.trim() || 'no answer'}` }
  }
  return {
    ok: true,
    message: `The service ${UNIT} runs and starts with the machine. Its log: journalctl -u ${UNIT} -f`,
  }
}
