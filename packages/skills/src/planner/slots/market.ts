import { all } from '../entities/entity'
import type { Filler, SlotInput } from '../slots'
import { numberOf, textOf } from '../context'

/** The window that belongs to the renting, not to the own jobs mentioned before it. */
function rentWindow(s: SlotInput): unknown {
  const windows = all(s.entities, 'window')
  const verb = /\b(?:rent|leas|sell|offer|lend|hire|list|monetiz|earn|market|available)/i.exec(s.text)?.index ?? 0
  const after = windows.filter((entity) => entity.start > verb)
  const chosen = after.length > 0 ? after : windows
  if (chosen.length === 0) return undefined
  return Object.assign({}, ...chosen.map((entity) => entity.value))
}

function hoursOf(duration: string | undefined): number | undefined {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(duration ?? '')
  if (match === null) return undefined
  const hours = Number(match[1] ?? 0) * 24 + Number(match[2] ?? 0) + Number(match[3] ?? 0) / 60
  return hours === 0 ? undefined : hours
}

interface OfferLike {
  provider?: string
  gpus?: number
  price?: number
}

/** The offer that "the first one", "the cheapest" or a name means, among those the talk is about. */
function chosenOffer(s: SlotInput): OfferLike {
  const raw = s.state.focus.offers
  const offers = (Array.isArray(raw) ? raw : []).map(readOffer)
  const named = s.one('provider')
  if (named !== undefined)
    return offers.find((offer) => offer.provider === named || offer.provider?.includes(named)) ?? { provider: named }
  if (s.has(/\bfirst\b/)) return offers[0] ?? {}
  if (s.has(/\bsecond\b/)) return offers[1] ?? {}
  if (s.has(/\bthird\b/)) return offers[2] ?? {}
  if (s.has(/\bcheap/))
    return (
      [...offers].filter((offer) => offer.price !== undefined).sort((a, b) => (a.price ?? 0) - (b.price ?? 0))[0] ?? {}
    )
  return {}
}

function readOffer(raw: unknown): OfferLike {
  if (typeof raw === 'string') return { provider: raw }
  const value = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>
  return {
    provider: textOf(value.provider) ?? textOf(value.name) ?? textOf(value.id),
    gpus: numberOf(value.gpus),
    price: numberOf(value.price) ?? numberOf(value.price_per_gpu_hour),
  }
}

/** Buying and selling GPU time. */
export const marketFillers = {
  market_search: (s) => {
    const reputation = /(\d+) ?(?:%|percent)[^.]{0,20}reputation|reputation[^.]{0,20}?(\d+)/.exec(s.lower)
    return {
      gpu_type: s.one('gpuType'),
      gpus: s.one('gpuCount'),
      duration: s.one('duration'),
      when: s.one('when') ?? (s.has(/\bovernight\b/) ? 'overnight' : undefined),
      max_price: s.has(/\b(?:under|below|max(?:imum)?|less than|at most|cheaper than|budget|up to|not more than)\b/)
        ? s.price()
        : undefined,
      min_reputation: reputation === null ? undefined : Number(reputation[1] ?? reputation[2]),
    }
  },
  market_status: (s) => ({
    metric: s.pick([
      [/\b(?:earn\w*|revenue|made|make|income|profit\w*|payout|paid|bring in|lucrative|worth)\b/, 'earnings'],
      [/\bbalance|ledger\b/, 'balance'],
      [/\blease|rented|renting\b/, 'leases'],
      [/\bbid/, 'bids'],
      [/\boffer|listing/, 'offers'],
      [/\breputation/, 'reputation'],
      [/\bdemand/, 'demand'],
    ]),
    period: s.one('when'),
    gpu_type: s.one('gpuType'),
    estimate:
      s.has(/\b(?:estimate|would|could|can (?:we|i)|potential|expected|worth|profitable|lucrative)\b/) || undefined,
    offer: s.one('offerId'),
  }),
  market_offer_create: (s) => {
    const price = s.price()
    return {
      gpus: s.one('gpuCount'),
      gpu_type: s.one('gpuType'),
      node: s.node('never'),
      window: rentWindow(s),
      price_per_gpu_hour: price,
      min_price: s.has(/\b(?:at least|minimum|not (?:below|under)|no less than)\b/) ? price : undefined,
      offer: s.one('offerId'),
      update: s.has(/\b(?:update|change|raise|lower|extend|adjust|increase|reduce|into the offer)\b/) || undefined,
    }
  },
  market_offer_cancel: (s) => ({
    offer: s.one('offerId') ?? s.state.refs.offer,
    when: s.one('when') ?? (s.has(/\bafter the current lease\b/) ? 'after_current_lease' : undefined),
    gpu_type: s.one('gpuType'),
  }),
  market_bid: (s) => {
    const offer = chosenOffer(s)
    const inherited = offer.provider === undefined ? s.state.refs.provider : undefined
    return {
      provider: offer.provider ?? inherited,
      gpus: s.one('gpuCount') ?? offer.gpus,
      gpu_type: s.one('gpuType'),
      hours: hoursOf(s.one('duration')),
      price: s.price() ?? offer.price,
      strategy: s.pick([
        [/\bcheap(?:est|er)?\b/, 'cheapest'],
        [/\bbest reputation\b/, 'best_reputation'],
        [/\bfirst\b/, 'first'],
        [/\bbest\b/, 'best'],
      ]),
      offer: s.one('offerId'),
    }
  },
} satisfies Record<string, Filler>
