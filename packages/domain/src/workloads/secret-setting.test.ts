import { expect, it } from 'vitest'
import { secretSetting } from './secret-setting'

it.each([
  ['HF_TOKEN', 'abc'],
  ['apiKey', 'x1'],
  ['DB_PASSWORD', 'hunter22'],
  ['DATABASE_URL', 'postgres://ana:geheim1@db/x'],
  ['NOTE', 'hf_abcdefghijklmnopqrstuvwxyz0123456789'],
])('%s=%s belongs into a secret', (name, value) => {
  expect(secretSetting(name, value)).not.toBeNull()
})
it.each([
  ['LOG_LEVEL', 'debug'],
  ['MAX_NEW_TOKENS', '512'],
  ['TOKENIZERS_PARALLELISM', 'false'],
  ['TOKENIZER_PATH', '/models/llama'],
  ['KEYBOARD', 'us'],
  ['USE_AUTH', 'off'],
  ['DATABASE_URL', 'postgres://db/x'],
])('%s=%s may stand in a setting', (name, value) => {
  expect(secretSetting(name, value)).toBeNull()
})
