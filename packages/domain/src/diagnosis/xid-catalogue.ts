/** What to do first about an XID. NVIDIA's words for the class, ours for people. */
export type XidAction =
  | 'ignore'
  | 'restart-app'
  | 'follow-other'
  | 'reset-gpu'
  | 'reboot-node'
  | 'ecc-workflow'
  | 'nvlink-workflow'
  | 'read-recovery-action'
  | 'contact-support'

/** Whose fault it usually is: an application's own error says nothing about the hardware. */
export type XidClass = 'application' | 'hardware' | 'either' | 'informational'

export interface XidEntry {
  code: number
  title: string
  action: XidAction
  class: XidClass
  /** What NVIDIA advises when the first action does not help, where it names something. */
  then: XidAction | null
  meaning: string
}

export const ACTION_WORDS: Record<XidAction, string> = {
  ignore: 'Nothing to do for this line alone.',
  'restart-app': 'Restart the application; look at its own errors first.',
  'follow-other': 'Look at the XID that came with it: this one only follows.',
  'reset-gpu': 'Reset the GPU once nothing runs on it.',
  'reboot-node': 'Reboot the machine; a GPU that fell off the bus does not come back by a reset.',
  'ecc-workflow':
    'Drain the GPU, reset it, and run the memory diagnostics: XID 171 or 172 says whether DRAM or SRAM failed.',
  'nvlink-workflow': 'Check the NVLink error counters and the fabric manager before the GPU.',
  'read-recovery-action': 'Read the GPU recovery action that the driver asks for.',
  'contact-support': 'Run the field diagnostic and contact the vendor.',
}

const entry = (
  code: number,
  title: string,
  action: XidAction,
  cls: XidClass,
  meaning: string,
  then: XidAction | null = null,
): XidEntry => ({ code, title, action, class: cls, then, meaning })

/**
 * NVIDIA's XID catalogue (docs.nvidia.com/deploy/xid-errors, analysing the XID catalogue), as classes of action and not as
 * severities. Codes that its own Kubernetes device plugin treats as an application's fault are marked so.
 */
export const XID_CATALOGUE: readonly XidEntry[] = [
  entry(
    13,
    'Graphics engine exception',
    'restart-app',
    'application',
    'A kernel did something illegal, most often an access out of bounds in the application.',
  ),
  entry(31, 'MMU page fault', 'restart-app', 'application', 'An application touched memory that is not mapped.'),
  entry(
    32,
    'Invalid or corrupted push buffer',
    'restart-app',
    'either',
    'The command stream to the GPU was damaged: an application error, seldom the bus.',
  ),
  entry(
    43,
    'GPU stopped processing, channel reset',
    'ignore',
    'application',
    'An application failed and its channel was reset; other work goes on.',
  ),
  entry(
    45,
    'Preemptive cleanup',
    'follow-other',
    'informational',
    'Channels were cleaned up because of another error or because a process was killed.',
  ),
  entry(46, 'GPU stopped processing', 'reset-gpu', 'hardware', 'The GPU no longer makes progress.', 'contact-support'),
  entry(
    48,
    'Double-bit ECC error',
    'ecc-workflow',
    'hardware',
    'Memory returned data that error correction could not repair.',
    'contact-support',
  ),
  entry(
    62,
    'Internal micro-controller halt',
    'reset-gpu',
    'hardware',
    'A controller inside the GPU stopped.',
    'contact-support',
  ),
  entry(
    63,
    'Row remapping recorded',
    'ignore',
    'hardware',
    'A weak memory row was noted for replacement; a reset puts it into effect.',
  ),
  entry(
    64,
    'Row remapping failed',
    'reset-gpu',
    'hardware',
    'A weak memory row could not be replaced.',
    'contact-support',
  ),
  entry(
    68,
    'Video processor exception',
    'restart-app',
    'application',
    'The video engine met an error in what an application gave it.',
  ),
  entry(
    69,
    'Graphics engine class error',
    'restart-app',
    'application',
    'An application used an engine in a wrong way.',
  ),
  entry(74, 'NVLink error', 'nvlink-workflow', 'hardware', 'A link between GPUs reported errors.', 'contact-support'),
  entry(
    79,
    'GPU has fallen off the bus',
    'reboot-node',
    'hardware',
    'The machine can no longer reach the GPU: power, heat, riser or the GPU itself.',
    'contact-support',
  ),
  entry(
    92,
    'High single-bit ECC rate',
    'ignore',
    'hardware',
    'Many repairable memory errors in a short time.',
    'contact-support',
  ),
  entry(
    94,
    'Contained ECC error',
    'restart-app',
    'hardware',
    'An unrepairable memory error hit one application only; others are safe. No reboot is needed.',
  ),
  entry(
    95,
    'Uncontained ECC error',
    'reset-gpu',
    'hardware',
    'An unrepairable memory error may have touched any application on the GPU.',
    'contact-support',
  ),
  entry(
    109,
    'Context switch timeout',
    'reset-gpu',
    'either',
    'A context did not give way in time. Once it is usually the application, repeated it is the GPU.',
    'contact-support',
  ),
  entry(
    119,
    'GSP does not answer',
    'reset-gpu',
    'hardware',
    'The GPU system processor did not answer the driver.',
    'contact-support',
  ),
  entry(120, 'GSP error', 'reset-gpu', 'hardware', 'The GPU system processor met an error.', 'contact-support'),
  entry(136, 'Link training failed', 'reset-gpu', 'hardware', 'A link did not come up.', 'contact-support'),
  entry(
    140,
    'Unrecovered ECC error',
    'reset-gpu',
    'hardware',
    'A memory error could not be recovered from.',
    'contact-support',
  ),
  entry(
    143,
    'GPU initialisation failure',
    'reset-gpu',
    'hardware',
    'The GPU could not be brought up.',
    'contact-support',
  ),
  entry(
    154,
    'GPU recovery action changed',
    'read-recovery-action',
    'informational',
    'The driver changed what it asks for: none, reset, reboot, or drain.',
  ),
  entry(156, 'Resource retirement event', 'reset-gpu', 'hardware', 'A part of the GPU was retired.', 'contact-support'),
  entry(157, 'Resource retirement failure', 'contact-support', 'hardware', 'A part of the GPU could not be retired.'),
  entry(
    158,
    'GPU fatal timeout',
    'reset-gpu',
    'hardware',
    'The GPU did not answer within its last deadline.',
    'contact-support',
  ),
  entry(171, 'ECC error in DRAM', 'ecc-workflow', 'hardware', 'Tells of an XID 48 that the error was in DRAM.'),
  entry(172, 'ECC error in SRAM', 'ecc-workflow', 'hardware', 'Tells of an XID 48 that the error was in SRAM.'),
]

const BY_CODE = new Map(XID_CATALOGUE.map((known) => [known.code, known]))

/** A code that the catalogue lacks is unknown, which is not harmless. */
export function xidEntry(code: number): XidEntry | null {
  return BY_CODE.get(code) ?? null
}
