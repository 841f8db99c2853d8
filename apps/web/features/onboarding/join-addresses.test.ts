import { describe, expect, it } from 'vitest'
import { joinAddresses } from './join-addresses'

const LOCAL = {
  publicUrl: 'http://127.0.0.1:3000',
  gatewayPublicUrl: undefined,
  gatewayUrl: 'http://127.0.0.1:3001',
  gatewayPort: '3001',
}
const ask = (host: string, env: Partial<typeof LOCAL> | object = {}, more: Record<string, string> = {}) =>
  joinAddresses(new Headers({ host, ...more }), 'http:', { ...LOCAL, ...env })

describe('addresses for a joining machine', () => {
  it('are the configured ones on the machine itself', () => {
    expect(ask('127.0.0.1:3000')).toEqual({ webUrl: 'http://127.0.0.1:3000', gatewayUrl: 'http://127.0.0.1:3001' })
  })
  it('follow the host that was asked at where only a loopback address is configured', () => {
    expect(ask('control.lan:3000')).toEqual({
      webUrl: 'http://control.lan:3000',
      gatewayUrl: 'http://control.lan:3001',
    })
    expect(ask('[fd00::7]:3000')?.gatewayUrl).toBe('http://[fd00::7]:3001')
  })
  it('are the operator’s own where set, also behind a proxy that ends TLS', () => {
    const env = { publicUrl: 'https://gpus.example.com', gatewayPublicUrl: 'https://nodes.example.com/gw/' }
    expect(ask('gpus.example.com', env, { 'x-forwarded-proto': 'https' })).toEqual({
      webUrl: 'https://gpus.example.com',
      gatewayUrl: 'https://nodes.example.com/gw',
    })
    expect(ask('10.0.0.5:3000', { gatewayUrl: 'http://10.0.0.9:3001' })?.gatewayUrl).toBe('http://10.0.0.9:3001')
  })
  it('take nothing from a host that is not one', () => {
    for (const host of ["x'; rm -rf /; '", 'a b', '$(id)', 'host:99999999', 'a/b', ''])
      expect(ask(host)?.webUrl).toBe('http://127.0.0.1:3000')
    expect(ask('$(id)', { publicUrl: undefined })).toBeNull()
    expect(ask('host', { gatewayUrl: undefined, gatewayPort: undefined })).toBeNull()
  })
})
