import { expect, it } from 'vitest'
import { maskEnv } from './mask-env'

it('hides what a name calls a secret, and passwords inside addresses', () => {
  expect(
    maskEnv({
      WANDB_API_KEY: 'abc',
      HF_TOKEN: 'x',
      EPOCHS: '3',
      DATABASE_URL: 'postgres://me:pw@db/x',
      EMPTY_TOKEN: '',
    }),
  ).toEqual([
    { name: 'DATABASE_URL', value: 'postgres://me:••••••@db/x' },
    { name: 'EMPTY_TOKEN', value: '' },
    { name: 'EPOCHS', value: '3' },
    { name: 'HF_TOKEN', value: '••••••' },
    { name: 'WANDB_API_KEY', value: '••••••' },
  ])
})
