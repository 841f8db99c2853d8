import { spawn } from 'node:child_process'
import { expect, it } from 'vitest'
import { waitFor } from '../../test/wait-for'
import { replicaOfProcess } from './process-owner'

it('finds the replica of a process by its own or a parent’s environment', async () => {
  const child = spawn('sh', ['-c', 'env -i sleep 600 & echo $!; wait'], {
    env: { ...process.env, CLAWBERNETES_REPLICA_ID: 'rep_mine' },
  })
  try {
    let said = ''
    child.stdout.on('data', (part) => {
      said += part
    })
    await waitFor('the number of the grandchild', () => said.includes('\n'))
    expect(replicaOfProcess(child.pid ?? 0)).toBe('rep_mine')
    // Between fork and exec the grandchild still shows its parent's environment; afterwards it has none of its own.
    expect(replicaOfProcess(Number(said))).toBe('rep_mine')
    process.kill(Number(said), 'SIGKILL')
  } finally {
    child.kill('SIGKILL')
  }
  expect(replicaOfProcess(1)).toBeNull()
  expect(replicaOfProcess(2 ** 30)).toBeNull()
})
