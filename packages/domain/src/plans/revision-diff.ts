import type { PlanContent } from '@clawbernetes/protocol/plans/content'

/** What changed from one revision to the next, in the card's own words: editable fields, steps, cost, risk. */
export function revisionDiff(
  before: PlanContent,
  after: PlanContent,
): { label: string; before: string; after: string }[] {
  const rows: { label: string; before: string; after: string }[] = []
  const add = (label: string, a: string, b: string) => {
    if (a !== b) rows.push({ label, before: a, after: b })
  }
  add('Title', before.title, after.title)
  const names = new Set([...before.editable, ...after.editable].map((f) => f.name))
  for (const name of names) {
    const a = before.editable.find((f) => f.name === name)
    const b = after.editable.find((f) => f.name === name)
    add(a?.label ?? b?.label ?? name, String(a?.value ?? '—'), String(b?.value ?? '—'))
  }
  for (const label of new Set([...before.changes, ...after.changes].map((c) => c.label)))
    add(
      label,
      before.changes.find((c) => c.label === label)?.after ?? '—',
      after.changes.find((c) => c.label === label)?.after ?? '—',
    )
  add('Cost', before.cost.arithmetic, after.cost.arithmetic)
  add('Risk', before.risk, after.risk)
  return rows
}
