import { ACTION_WORDS, XID_CATALOGUE, xidEntry } from '@clawbernetes/domain/diagnosis/xid-catalogue'

/** Words of the field, as this product uses them. */
const TERMS: readonly (readonly [RegExp, string, string])[] = [
  [/\buncordon/, 'uncordon', 'To uncordon a node is to let new work onto it again.'],
  [
    /\bcordon/,
    'cordon',
    'A cordon keeps new work off a node; what runs there stays. It is a lease: with an owner, a reason and, where it has one, an end.',
  ],
  [
    /\bdrain/,
    'drain',
    'To drain a node is to cordon it, start a replacement of each workload elsewhere, and stop the old one only when the new one runs.',
  ],
  [/\bisolat|\bquarantin/, 'isolate', 'An isolated GPU takes no new work; the other GPUs of its node go on as before.'],
  [
    /\becc\b|memory errors?/,
    'ECC',
    'ECC is the error correction of GPU memory. Corrected errors were repaired; uncorrected ones were not, and a result may be wrong. Volatile counters restart with the driver, aggregate ones do not: only the same kind, scope and boot are compared.',
  ],
  [
    /row[- ]?remap|remapped rows?/,
    'row remapping',
    'Row remapping replaces a weak row of GPU memory by a spare one. Pending: it takes effect at the next reset, work may go on. Failed: a reason to replace the card.',
  ],
  [
    /throttl|slowdown/,
    'throttling',
    'Throttling is the GPU lowering its clocks. A software power cap on a busy GPU is normal; thermal and hardware slowdown are trouble. The reason bit or the margin proves it, a temperature alone does not.',
  ],
  [
    /\bmargin\b|t\.?limit/,
    'margin',
    'The margin is how many degrees are left before the GPU slows down. Zero or less means that it does.',
  ],
  [
    /gradient checkpointing/,
    'gradient checkpointing',
    'Gradient checkpointing saves memory of activations only, not of weights or optimiser state, and computes more per step.',
  ],
  [
    /\bfsdp\b/,
    'FSDP',
    'FSDP spreads weights, gradients and optimiser state over the GPUs; plain DDP holds all of it on each.',
  ],
  [/\bddp\b/, 'DDP', 'DDP holds the whole model on each GPU and averages gradients; it must fit each card.'],
  [
    /tensor parallel/,
    'tensor parallel',
    'Tensor parallel splits each layer over GPUs of one node. The number of GPUs must divide the attention heads.',
  ],
  [
    /kv[- ]cache/,
    'KV cache',
    'The KV cache holds what a model has read of each conversation; it takes the GPU memory that the weights leave.',
  ],
  [/\bmig\b/, 'MIG', 'MIG cuts one GPU into isolated parts. Remapped rows cannot be read while it is on.'],
  [/\bgang\b/, 'gang', 'The ranks of a gang start together or not at all, and restart together.'],
  [
    /\bcanar/,
    'canary',
    'A canary release gives a new version a small share of the traffic and more only while it holds up against the old one.',
  ],
  [
    /blue[- ]?green/,
    'blue-green',
    'Blue-green starts the new version at full size beside the old one and switches all traffic at once.',
  ],
  [/\blease\b/, 'lease', 'A lease is capacity that was sold, for a stretch of time.'],
  [
    /\bmolt\b|marketplace/,
    'MOLT',
    'MOLT is the marketplace where GPU time is offered and bought. It is not connected to this installation.',
  ],
  [
    /\brisk\b/,
    'risk',
    'Read runs at once. Low runs at once with an undo. Medium needs an approval; high needs the button and the name of its target typed; critical needs two people.',
  ],
  [
    /\bapprov/,
    'approval',
    'An approval is a person’s decision on one revision of a plan. When what the plan rests on has changed, the plan is stale and does not run.',
  ],
  [/\bfinding\b/, 'finding', 'A finding is a diagnosed fact about a GPU or node, with evidence for and against.'],
  [
    /\bplan\b/,
    'plan',
    'A plan is a change that the agent proposes, in steps, with what it costs, touches and how to undo it. Nothing runs before it is approved.',
  ],
  [
    /\bnvlink\b/,
    'NVLink',
    'NVLink connects the GPUs of a node directly. A reset of one may stop what runs on those linked with it.',
  ],
  [
    /\bnccl\b/,
    'NCCL',
    'NCCL carries data between the GPUs of a training. When one rank is gone, the others wait for it until they time out.',
  ],
]

export interface TermText {
  term: string
  text: string
  xid: number | null
}

/** What a word or an XID code means, from the catalogue and the words above; null: not one of them. */
export function explainTerm(about: string): TermText | null {
  const line = about.toLowerCase()
  const code = /\bxids?\b\D{0,12}(\d{1,3})\b/.exec(line)?.[1]
  if (code) return xidText(Number(code))
  if (/\bxids?\b/.test(line))
    return {
      term: 'XID',
      text: `An XID is an error that the NVIDIA driver writes into the kernel log. Its number is a class of action and not a severity; I know ${XID_CATALOGUE.length} of them. Ask for one, for example XID 79.`,
      xid: null,
    }
  const found = TERMS.find(([pattern]) => pattern.test(line))
  return found ? { term: found[1], text: found[2], xid: null } : null
}

const CLASS_WORDS = {
  application: 'Usually the application’s own error: it says nothing about the hardware.',
  hardware: 'Usually the hardware.',
  either: 'It may be the application or the hardware.',
  informational: 'It informs about another event.',
}

function xidText(code: number): TermText {
  const entry = xidEntry(code)
  if (!entry)
    return {
      term: `XID ${code}`,
      text: `XID ${code} is not in the catalogue that I know, which does not make it harmless. Look it up with the vendor.`,
      xid: code,
    }
  const then = entry.then ? ` If it comes again: ${lower(ACTION_WORDS[entry.then])}` : ''
  return {
    term: `XID ${code}`,
    text: `XID ${code}, ${lower(entry.title)}: ${entry.meaning} ${CLASS_WORDS[entry.class]} ${ACTION_WORDS[entry.action]}${then}`,
    xid: code,
  }
}

/** An abbreviation keeps its capitals: "GPU has fallen …", "row remapping …". */
const lower = (text: string): string => (/^[A-Z]{2}/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1))
