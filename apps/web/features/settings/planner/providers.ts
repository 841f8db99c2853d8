import type { PlannerDraft } from './planner-draft'

/** What a person has to know of each choice. */
export const PROVIDERS: Record<
  PlannerDraft['provider'],
  { label: string; hint: string; model: string; address: string | null; keyNeeded: boolean }
> = {
  installation: {
    label: 'As this installation',
    hint: 'What the environment of the server says.',
    model: '',
    address: '',
    keyNeeded: false,
  },
  embedded: {
    label: 'Embedded',
    hint: 'Built in: no key, no network, the same answer every time. Nothing leaves this installation.',
    model: '',
    address: '',
    keyNeeded: false,
  },
  openai: {
    label: 'OpenAI',
    hint: 'Chat completions of OpenAI.',
    model: 'gpt-…',
    address: 'https://api.openai.com/v1',
    keyNeeded: true,
  },
  anthropic: {
    label: 'Anthropic',
    hint: 'Messages of Anthropic.',
    model: 'claude-…',
    address: 'https://api.anthropic.com',
    keyNeeded: true,
  },
  ollama: {
    label: 'Ollama',
    hint: 'A model on a machine of yours.',
    model: 'qwen3',
    address: 'http://127.0.0.1:11434',
    keyNeeded: false,
  },
  'openai-compatible': {
    label: 'OpenAI-compatible',
    hint: 'vLLM, llama.cpp, LM Studio, a gateway: any API of that form.',
    model: 'the name that the server serves',
    address: null,
    keyNeeded: false,
  },
}
