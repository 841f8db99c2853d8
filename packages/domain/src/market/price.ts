/** Label on a node that says what an hour of one of its GPUs costs, in dollars. */
export const PRICE_LABEL = 'price-per-gpu-hour-usd'

/** Micro-dollars per GPU and hour of a node's label; null when it has none that is a price. */
export function priceMicroUsd(label: string | null | undefined): number | null {
  if (!label || !/^\d{1,6}(\.\d{1,6})?$/.test(label)) return null
  return Math.round(Number(label) * 1_000_000)
}

/** "$1.80"; four decimals below ten cents. */
export const usd = (microUsd: number): string => {
  const dollars = microUsd / 1e6
  return `${dollars < 0 ? '−' : ''}$${Math.abs(dollars).toFixed(dollars !== 0 && Math.abs(dollars) < 0.1 ? 4 : 2)}`
}
