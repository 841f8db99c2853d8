/** GPU Recovery Action as the driver names it in its outputs (NVML field 230): what it wants done. */
const ACTIONS: [RegExp, number][] = [
  [/^none$/i, 0],
  [/^drain and reset/i, 4],
  [/^drain p2p/i, 3],
  [/reboot/i, 2],
  [/reset/i, 1],
]

/** 0 none, 1 GPU reset, 2 node reboot, 3 drain P2P, 4 drain and reset; null: not told, or a word this agent does not know. */
export function recoveryAction(raw: string | null | undefined): number | null {
  const text = raw?.trim() ?? ''
  return ACTIONS.find(([pattern]) => pattern.test(text))?.[1] ?? null
}

/** Only a reset or a reboot makes the GPU itself unusable; a GPU to be drained still does its current work. */
export const needsReset = (action: number | null): boolean => action === 1 || action === 2
