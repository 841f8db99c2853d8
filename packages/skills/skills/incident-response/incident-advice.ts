import type { Advice } from '@clawbernetes/domain/diagnosis/advise'
import type { Investigation } from './investigate'

/** Where the log itself says what went wrong: the restart that takes it into account. Hardware findings are advised on elsewhere. */
export function incidentAdvice(i: Investigation): Advice | null {
  const { workload } = i
  const first = i.hypotheses[0]
  if (!workload || !first || workload.kind !== 'training') return null
  const hung = i.findings.some((f) => f.rule === 'hung-context') || workload.status === 'failed'
  if (!hung) return null
  if (first.key === 'gpu-out-of-memory' && workload.spec.training?.gradientCheckpointing === false)
    return {
      intent: 'restart_workload',
      slots: { workload: workload.name, flags: ['--gradient-checkpointing'] },
      text: `Restart ${workload.name} with --gradient-checkpointing. It saves memory of activations only, and each step computes more.`,
      narrower: null,
    }
  if (first.key === 'collective-hung')
    return {
      intent: 'restart_workload',
      slots: { workload: workload.name },
      text: `Restart all ranks of ${workload.name} from the last checkpoint.`,
      narrower: null,
    }
  return null
}
