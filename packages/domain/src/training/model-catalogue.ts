/** Shape of a transformer: what memory arithmetic needs. Figures from the models' published configuration files. */
export interface ModelShape {
  /** lower-case kebab */
  name: string
  /** Billions of parameters, all of them (a mixture of experts keeps every expert resident). */
  paramsB: number
  layers: number
  hidden: number
  heads: number
  kvHeads: number
  headDim: number
  vocab: number
}

const m = (
  name: string,
  paramsB: number,
  layers: number,
  hidden: number,
  heads: number,
  kvHeads: number,
  headDim: number,
  vocab: number,
): ModelShape => ({
  name,
  paramsB,
  layers,
  hidden,
  heads,
  kvHeads,
  headDim,
  vocab,
})

export const MODELS: readonly ModelShape[] = [
  m('llama-2-7b', 6.74, 32, 4096, 32, 32, 128, 32000),
  m('llama-2-13b', 13.02, 40, 5120, 40, 40, 128, 32000),
  m('llama-2-70b', 68.98, 80, 8192, 64, 8, 128, 32000),
  m('llama-3-8b', 8.03, 32, 4096, 32, 8, 128, 128256),
  m('llama-3-70b', 70.55, 80, 8192, 64, 8, 128, 128256),
  m('llama-3.1-8b', 8.03, 32, 4096, 32, 8, 128, 128256),
  m('llama-3.1-70b', 70.55, 80, 8192, 64, 8, 128, 128256),
  m('llama-3.1-405b', 405.85, 126, 16384, 128, 8, 128, 128256),
  m('llama-3.2-1b', 1.24, 16, 2048, 32, 8, 64, 128256),
  m('llama-3.2-3b', 3.21, 28, 3072, 24, 8, 128, 128256),
  m('llama-3.3-70b', 70.55, 80, 8192, 64, 8, 128, 128256),
  m('mistral-7b', 7.24, 32, 4096, 32, 8, 128, 32000),
  m('mixtral-8x7b', 46.7, 32, 4096, 32, 8, 128, 32000),
  m('mixtral-8x22b', 140.6, 56, 6144, 48, 8, 128, 32768),
  m('qwen-2.5-0.5b', 0.49, 24, 896, 14, 2, 64, 151936),
  m('qwen-2.5-1.5b', 1.54, 28, 1536, 12, 2, 128, 151936),
  m('qwen-2.5-3b', 3.09, 36, 2048, 16, 2, 128, 151936),
  m('qwen-2.5-7b', 7.62, 28, 3584, 28, 4, 128, 152064),
  m('qwen-2.5-14b', 14.77, 48, 5120, 40, 8, 128, 152064),
  m('qwen-2.5-32b', 32.76, 64, 5120, 40, 8, 128, 152064),
  m('qwen-2.5-72b', 72.71, 80, 8192, 64, 8, 128, 152064),
  m('gemma-2-2b', 2.61, 26, 2304, 8, 4, 256, 256000),
  m('gemma-2-9b', 9.24, 42, 3584, 16, 8, 256, 256000),
  m('gemma-2-27b', 27.23, 46, 4608, 32, 16, 128, 256000),
  m('phi-3-mini', 3.82, 32, 3072, 32, 32, 96, 32064),
  m('yi-34b', 34.39, 60, 7168, 56, 8, 128, 64000),
  m('falcon-7b', 7.22, 32, 4544, 71, 1, 64, 65024),
  m('falcon-40b', 41.84, 60, 8192, 128, 8, 64, 65024),
  m('falcon-180b', 179.5, 80, 14848, 232, 8, 64, 65024),
  m('bert-base', 0.11, 12, 768, 12, 12, 64, 30522),
  m('bert-large', 0.34, 24, 1024, 16, 16, 64, 30522),
]

/**
 * The shape of a named model, or one scaled from the nearest known size when only the size is known ("our 34b model").
 * null when neither name nor size says anything. `exact` tells which it is, so that a card can say "estimated".
 */
export function modelShape(name: string, paramsB: number | null): { shape: ModelShape; exact: boolean } | null {
  const known =
    MODELS.find((model) => model.name === name) ??
    MODELS.find((model) => model.name === name.replace(/-(instruct|chat|base|it|hf)$/, ''))
  if (known) return { shape: known, exact: true }
  const size = paramsB ?? sizeInName(name)
  if (size === null || size <= 0) return null
  const near = MODELS.reduce((best, model) =>
    Math.abs(Math.log(model.paramsB / size)) < Math.abs(Math.log(best.paramsB / size)) ? model : best,
  )
  return { shape: { ...near, name, paramsB: size }, exact: false }
}

/** Billions of parameters as written in a model's name: "falcon-7b" → 7, "mixtral-8x7b" → 56 (an upper bound), else null. */
export function sizeInName(name: string): number | null {
  const moe = /(\d+)x(\d+(?:\.\d+)?)b\b/i.exec(name)
  if (moe) return Number(moe[1]) * Number(moe[2])
  const plain = /(?:^|[^a-z0-9.])(\d+(?:\.\d+)?)\s*([bm])(?![a-z0-9])/i.exec(name)
  if (!plain) return null
  return plain[2]?.toLowerCase() === 'm' ? Number(plain[1]) / 1000 : Number(plain[1])
}
