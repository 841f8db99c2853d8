import { describe, expect, it } from 'vitest'
import { isAboutEmergencyStop, meansEmergencyStop } from './emergency-words'

describe('the words for an emergency stop', () => {
  it.each([
    'emergency stop',
    'EMERGENCY STOP!!',
    'hit the kill switch',
    'freeze everything',
    'please freeze all agents',
    'halt the agent now',
  ])('%s', (text) => expect(meansEmergencyStop(text)).toBe(true))
  it.each([
    'stop everything',
    'emergency stop, halt all workloads',
    'halt all jobs on node-02',
    'freeze the rollout at this percentage',
    'what does the emergency stop do?',
    'do not freeze everything',
  ])('are not: %s', (text) => expect(meansEmergencyStop(text)).toBe(false))
})

describe('words about the emergency stop', () => {
  it.each([
    'lift the emergency stop',
    'please lift the freeze',
    'unfreeze',
    'are you frozen?',
    'is the kill switch on',
  ])('%s', (text) => expect(isAboutEmergencyStop(text)).toBe(true))
  it.each(['lift the cordon of node-03', 'stop everything', 'emergency stop', 'is node-03 stopped'])(
    'are not: %s',
    (text) => expect(isAboutEmergencyStop(text)).toBe(false),
  )
})
