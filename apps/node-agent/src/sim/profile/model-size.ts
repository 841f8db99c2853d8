/** Parameters of well-known models, in billions, where the name alone misleads. */
const KNOWN: readonly [RegExp, number][] = [
  [/llama-?3(\.[12])?-?8b/, 8.03],
  [/llama-?3(\.[123])?-?70b/, 70.6],
  [/llama-?2-?7b/, 6.74],
  [/mixtral-?8x7b/, 46.7],
  [/mistral-?7b/, 7.25],
  [/gemma-?2?-?9b/, 9.24],
  [/phi-?3-?mini/, 3.82],
  [/bert-?base/, 0.11],
  [/bert-?large|bge-?large/, 0.335],
  [/whisper-?large/, 1.55],
  [/sdxl|stable-?diffusion-?xl/, 2.6],
  [/vit-?h/, 0.63],
  [/vit-?l/, 0.304],
]

/** Billions of parameters from a model's name: "meta-llama/Meta-Llama-3-8B" → 8.03; null where the name does not say. */
export function paramsBillions(model: string): number | null {
  const name = model.toLowerCase().replaceAll('_', '-').replaceAll(' ', '-')
  for (const [pattern, billions] of KNOWN) if (pattern.test(name)) return billions
  const experts = /(\d+)x(\d+(?:\.\d+)?)b\b/.exec(name)
  if (experts) return Number(experts[1]) * Number(experts[2]) * 0.83
  const plain = /(?:^|[^a-z0-9.])(\d+(?:\.\d+)?)(b|m)(?![a-z0-9])/.exec(name)
  if (!plain) return null
  return plain[2] === 'b' ? Number(plain[1]) : Number(plain[1]) / 1000
}
