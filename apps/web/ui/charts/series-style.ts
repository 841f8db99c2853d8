const DASHES = [undefined, '6 3', '2 3', '8 3 2 3']

/** Six colours, told apart under every colour vision; from the seventh series on a dash as well. */
export const seriesColour = (slot: number): string => `var(--series-${(slot % 6) + 1})`
export const seriesDash = (slot: number): string | undefined => DASHES[Math.floor(slot / 6) % DASHES.length]
