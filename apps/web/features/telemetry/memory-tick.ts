import { formatMemory } from '../../ui/format'

/** On an axis whole numbers are enough. */
export const formatMemoryTick = (mib: number): string => formatMemory(mib).replace(/\.0(?=\D)/, '')
