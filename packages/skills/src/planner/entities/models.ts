import { type Candidate, candidate } from './entity'

// Families whose bare name is a model in an infrastructure chat.
const CLEAR =
  'code ?llama|tiny ?llama|llama|lama|mixtral|mistral(?:[- ](?:small|large|nemo))?|ministral|codestral|qwen|qwq|gemma|gemini|falcon|deepseek(?:[- ](?:r1|v[23](?:\\.1)?|coder))?|mpt|gpt[- ]?oss|gpt[- ]?(?:2|j|neox)|bert|roberta|distilbert|modernbert|whisper(?:[- ](?:tiny|base|small|medium|large))?|stable ?diffusion|sdxl|flan[- ]?t5|t5|e5(?:[- ](?:base|large|small|mistral))?|bge[- ](?:m3|large|base|small)|starcoder|vicuna|zephyr|dbrx|nemotron|olmo|internlm|baichuan|chatglm|glm|kimi(?:[- ]k2)?|jamba|granite|bloom|resnet|vit|yolo|phi|nomic-embed(?:-text)?|pythia|orca|wizardlm|command[- ]r(?:\\+|-plus)?|llava|pixtral|smollm|stablelm|redpajama|mamba|arctic|minicpm|gpt'
// Ordinary words: only with a size or a version right behind are they models.
const UNCLEAR = 'yi|opt|solar|flux|clip|aya|grok|hermes|dolly|minimax|exaone|jais'
const VERSION =
  '(?:[ -]?v?\\d{1,2}(?:\\.\\d{1,2})?(?![\\d.]|\\s?(?:gb|b\\b|x\\b|k\\b|gpus?\\b|nodes?\\b|replicas?\\b|hours?\\b|cards?\\b|%|times|copies|a100|h100|l40|instances|min)))'
const SIZE = '(?:[ -]?(?:\\d{1,2}x)?\\d{1,4}(?:\\.\\d{1,2})?[bm]\\b(?!\\s?of))'
const SUFFIX =
  '(?:[ -](?:instruct|chat|base|it|mini|medium|small|large|vision|vl|turbo|coder|math|distill|scout|maverick|xl|v\\d)\\b)'
const MODEL = new RegExp(
  `(?<![\\w/.-])(?:[A-Za-z][\\w-]{1,40}/(?=[\\w.-]*(?:${CLEAR})))?(?:(?:${CLEAR})(?:${VERSION})?(?:${SUFFIX})?(?:${SIZE})?(?:${SUFFIX})?(?:-v\\d+(?:\\.\\d+)?)?|(?:${UNCLEAR})(?:(?:${VERSION})?(?:${SUFFIX})?${SIZE}|${VERSION})(?:${SUFFIX})?)(?:[- ](?:awq|gptq|fp8|int4|int8|gguf))?(?![\\w]|-\\w|/)`,
  'gi',
)
const SIZE_ONLY = /(?<![\w.-])((?:\d{1,2}x)?\d{1,4}(?:\.\d)?) ?(?:b|bn|billion)(?: ?-?param(?:eter)?s?)?(?![\w-])/gi

/** Model names as lower-case kebab ("Llama 3 8B" is llama-3-8b) and bare sizes ("a 70b model"). */
export function scanModels(text: string): Candidate[] {
  const found: Candidate[] = []
  for (const match of text.matchAll(MODEL)) {
    if (
      /^(?:gpt|bert|phi|arctic|orca|gemini)$/i.test(match[0]) &&
      !/\b(?:deploy|serve|host|train|tune|model|run|fine)/i.test(text)
    )
      continue
    found.push(candidate('model', modelName(match[0]), match.index, match[0], 88))
  }
  for (const match of text.matchAll(SIZE_ONLY)) {
    found.push(candidate('modelSize', `${(match[1] ?? '').toLowerCase()}b`, match.index, match[0], 63))
  }
  return found
}

export function modelName(raw: string): string {
  const bare = raw.includes('/') ? raw.slice(raw.lastIndexOf('/') + 1) : raw
  return bare
    .toLowerCase()
    .replace(/\blama/, 'llama')
    .replace(/stable ?diffusion/, 'stable-diffusion')
    .replace(/code ?llama/, 'codellama')
    .replace(/tiny ?llama/, 'tinyllama')
    .replace(
      /^(llama|qwen|gemma|phi|mistral|yi|falcon|starcoder|internlm|baichuan|whisper|vicuna|codellama)v?(\d)/,
      '$1-$2',
    )
    .replace(/[\s_]+/g, '-')
    .replace(/-v(\d+(?:\.\d+)?)(?=-\d+b)/, '-$1')
    .replace(/-+/g, '-')
    .replace(/\.$/, '')
}
