import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { callerAddress, stampCaller, trustedProxies } from './caller-address'

function addressOf(socket: string, headers: Record<string, string>, proxies = 0): string | null {
  const request = { headers: { ...headers }, socket: { remoteAddress: socket } } as unknown as IncomingMessage
  stampCaller(request, proxies)
  return callerAddress(new Headers(request.headers as Record<string, string>))
}

test('is the address of the socket, whatever the caller writes into headers', () => {
  const claimed = { 'x-clawbernetes-caller': '6.6.6.6', 'x-forwarded-for': '6.6.6.6' }
  expect(addressOf('203.0.113.9', claimed)).toBe('203.0.113.9')
  expect(addressOf('::ffff:203.0.113.9', claimed)).toBe('203.0.113.9')
  expect(addressOf('2001:db8::1', {})).toBe('2001:db8::1')
  expect(addressOf('', claimed)).toBeNull()
})

test('behind proxies that are named it is what the outermost of them saw', () => {
  const headers = { 'x-forwarded-for': '6.6.6.6, 198.51.100.7, 10.0.0.2' }
  expect(addressOf('10.0.0.1', headers, 1)).toBe('10.0.0.2')
  expect(addressOf('10.0.0.1', headers, 2)).toBe('198.51.100.7')
  expect(addressOf('10.0.0.1', { 'x-forwarded-for': '<script>' }, 1)).toBe('10.0.0.1')
  expect(addressOf('10.0.0.1', {}, 1)).toBe('10.0.0.1')
})

test('no proxy is trusted unless a number says so', () => {
  expect([undefined, '', '2', '-1', 'all'].map((TRUSTED_PROXIES) => trustedProxies({ TRUSTED_PROXIES }))).toEqual([
    0, 0, 2, 0, 0,
  ])
})
