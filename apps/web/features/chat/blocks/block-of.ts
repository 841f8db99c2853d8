import type { Block } from '@clawbernetes/protocol/views/blocks'

export type BlockOf<T extends Block['type']> = Extract<Block, { type: T }>
