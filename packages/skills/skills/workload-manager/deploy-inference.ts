import * as z from 'zod'
import { argWords, notYetTool } from '../../src/registry/not-yet-tool'
import { countSlot, gpuCountSlot, modelSlot, pathSlot, wordSlot } from '../../src/registry/slots'

export const deployInference = notYetTool({
  name: 'deploy_inference',
  skill: 'workload-manager',
  title: 'Looked at a service',
  description: 'Serve a model behind an API with vLLM or another runtime.',
  input: z.object({
    model: modelSlot.optional(),
    runtime: wordSlot.optional(),
    port: countSlot.max(65_535).optional(),
    hostname: z.string().max(253).optional(),
    replicas: countSlot.optional(),
    gpus: gpuCountSlot.optional(),
    gpu_type: wordSlot.optional(),
    model_path: pathSlot.optional(),
  }),
  risk: 'medium',
  would: ({ model, model_path, ...rest }) => `serve ${model ?? model_path ?? 'a model'}${argWords(rest)}.`,
  why: 'serving models behind an address is not part of this installation.',
  today: 'I can check whether the model fits your GPUs, and train or fine-tune one.',
  examples: ['Will llama 3 70b fit on our GPUs for serving?', 'Which GPUs are free?'],
})
