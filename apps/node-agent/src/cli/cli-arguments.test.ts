import { describe, expect, it } from 'vitest'
import { joinArguments, UsageError } from './arguments'
import { unitQuote, unitText } from './systemd'

const BASE = ['--server', 'http://gw:3001/', '--token', 'cbj_x']

describe('join', () => {
  it('reads what it is told', () => {
    expect(
      joinArguments([
        ...BASE,
        '--name',
        'GPU Box #1',
        '--label',
        'rack=12',
        '--label',
        'zone=eu-1',
        '--data-root',
        '/data/',
        '--data-root',
        '/mnt/x',
        '--state-dir',
        '/s',
        '--address',
        '10.0.0.7',
        '--service',
      ]),
    ).toEqual({
      server: 'http://gw:3001',
      token: 'cbj_x',
      name: 'gpu-box-1',
      labels: { rack: '12', zone: 'eu-1' },
      dataRoots: ['/data', '/mnt/x'],
      stateDir: '/s',
      address: '10.0.0.7',
      service: true,
      start: true,
    })
    expect(joinArguments(['--gateway', 'https://x.example/gw/', '--token', 't', '--no-start'])).toMatchObject({
      server: 'https://x.example/gw',
      start: false,
    })
  })
  it.each([
    [['--server', 'http://gw'], 'token'],
    [['--token', 't'], 'address of the gateway'],
    [['--server', 'gw:3001', '--token', 't'], 'http'],
    [['--server', 'file:///etc', '--token', 't'], 'http'],
    [['--server', 'http://u:p@gw', '--token', 't'], 'password'],
    [[...BASE, '--label', 'rack 12'], 'label'],
    [[...BASE, '--data-root', 'data'], 'absolute'],
    [[...BASE, '--data-root', '/data/../etc'], 'absolute'],
    [[...BASE, '--colour', 'red'], '--colour'],
    [[...BASE, 'stray'], 'stray'],
  ])('refuses %j', (argv, why) => {
    delete process.env.CLAWBERNETES_TOKEN
    expect(() => joinArguments(argv)).toThrow(UsageError)
    expect(() => joinArguments(argv)).toThrow(why)
  })
})

describe('the systemd unit', () => {
  it('cannot be broken out of by a path', () => {
    expect(unitQuote('/a b/"c"/$HOME/%h/\\x')).toBe('"/a b/\\"c\\"/$$HOME/%%h/\\\\x"')
    expect(() => unitQuote('/a\nExecStartPre=/bin/evil')).toThrow('line break')
  })
  it('lets replicas live on and does not restart what was refused for good', () => {
    const text = unitText(['/usr/bin/node', '/opt/agent.mjs', 'run', '--state-dir', '/var/lib/clawbernetes'])
    expect(text).toContain('ExecStart="/usr/bin/node" "/opt/agent.mjs" "run" "--state-dir" "/var/lib/clawbernetes"')
    expect(text).toContain('KillMode=process')
    expect(text).toContain('RestartPreventExitStatus=78')
  })
})
