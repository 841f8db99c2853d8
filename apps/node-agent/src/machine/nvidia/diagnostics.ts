import type { KernelWatch } from '../kernel/kernel-watch'
import type { HangingTool } from '../run-tool'

const TIMEOUT_MS = 20_000
const KERNEL_LINES = 200

/** Read-only text for a diagnosis, from fixed commands; the only thing a caller chooses is a GPU that this node knows. */
export async function diagnosticSections(
  smi: HangingTool,
  kernel: KernelWatch,
  gpuUuid: string | null,
): Promise<Record<string, string>> {
  const only = gpuUuid === null ? [] : ['-i', gpuUuid]
  const sections: Record<string, string> = {}
  for (const [title, argv] of [
    ['nvidia-smi -q', ['-q', ...only]],
    [
      'nvidia-smi --query-compute-apps',
      ['--query-compute-apps=gpu_uuid,pid,used_gpu_memory,process_name', '--format=csv', ...only],
    ],
    ['nvidia-smi nvlink --status', ['nvlink', '--status', ...only]],
    ['nvidia-smi topo -m', ['topo', '-m']],
  ] as const) {
    const result = await smi.run([...argv], TIMEOUT_MS)
    sections[title] = result.timedOut ? 'The driver did not answer in time.' : `${result.stdout}${result.stderr}`.trim()
  }
  sections['kernel log'] = (await kernel.recent(KERNEL_LINES)).join('\n')
  return sections
}
