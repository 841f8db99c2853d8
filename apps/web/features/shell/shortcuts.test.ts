import { describe, expect, it } from 'vitest'
import { resolveShortcut, type KeyPress } from './shortcuts'

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  meta: false,
  ctrl: false,
  alt: false,
  shift: false,
  altGraph: false,
  repeat: false,
  composing: false,
  typing: false,
  inDialog: false,
  ...more,
})
const context = { pendingGo: false, singleKeys: true, goTargets: new Map([['f', '/fleet']]) }

describe('shortcuts', () => {
  it('opens the palette with either modifier, even while typing', () => {
    expect(resolveShortcut(press('k', { meta: true, typing: true }), context)).toEqual({ type: 'palette' })
    expect(resolveShortcut(press('K', { ctrl: true }), context)).toEqual({ type: 'palette' })
  })
  it('goes somewhere with g and a letter, and only then', () => {
    expect(resolveShortcut(press('g'), context)).toEqual({ type: 'prefix' })
    expect(resolveShortcut(press('f'), { ...context, pendingGo: true })).toEqual({ type: 'go', href: '/fleet' })
    expect(resolveShortcut(press('f'), context)).toEqual({ type: 'none' })
  })
  it.each([
    ['typing', { typing: true }],
    ['a dialog', { inDialog: true }],
    ['AltGr', { altGraph: true }],
    ['key repeat', { repeat: true }],
    ['an input method', { composing: true }],
  ])('ignores single keys during %s', (_, more) => {
    for (const key of ['g', '/', '?', '!']) expect(resolveShortcut(press(key, more), context)).toEqual({ type: 'none' })
  })
  it('asks for the emergency stop with an exclamation mark, on keyboards where that is shift and 1', () => {
    expect(resolveShortcut(press('!', { shift: true }), context)).toEqual({ type: 'freeze' })
  })
  it('can be switched off for single keys without losing the palette', () => {
    const off = { ...context, singleKeys: false }
    expect(resolveShortcut(press('g'), off)).toEqual({ type: 'none' })
    expect(resolveShortcut(press('k', { ctrl: true }), off)).toEqual({ type: 'palette' })
  })
})
