/** One entry of the audit log as people read it. */
export interface AuditView {
  seq: number
  at: string
  actor: { kind: string; name: string }
  onBehalfOf: string | null
  via: string
  action: string
  target: string
  data: Record<string, unknown>
  prevHash: string
  hash: string
}
