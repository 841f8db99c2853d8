export type Risk = 'read' | 'low' | 'medium' | 'high' | 'critical'

export interface ToolRow {
  skill: string
  risk: Risk
  /** What the tool does, in words that follow "I can" or "I understood:". */
  does: string
  /** Slots of which each group needs one; the question asks for the first group that is empty. */
  needs?: readonly (readonly string[])[]
}

const row = (skill: string, risk: Risk, does: string, needs?: readonly (readonly string[])[]): ToolRow => ({
  skill,
  risk,
  does,
  ...(needs === undefined ? {} : { needs }),
})

/** Every tool the planner can name: its skill, the floor of its risk, and what it cannot do without. */
export const TOOLS = {
  help: row('clawbernetes', 'read', 'show what I can do'),
  explain: row('clawbernetes', 'read', 'explain a plan, a recommendation or a term'),
  list_plans: row('clawbernetes', 'read', 'list plans and what was done'),
  list_nodes: row('gpu-cluster', 'read', 'list or compare nodes'),
  list_gpus: row('gpu-cluster', 'read', 'list GPUs and their figures'),
  capacity_check: row('gpu-cluster', 'read', 'check whether a model fits'),
  diagnose_gpu: row('gpu-diagnose', 'read', 'diagnose a GPU'),
  isolate_gpu: row('gpu-diagnose', 'medium', 'isolate a GPU', [['gpu'], ['node']]),
  deploy_inference: row('workload-manager', 'medium', 'deploy an inference service', [['model', 'model_path']]),
  list_workloads: row('workload-manager', 'read', 'list workloads and the queue'),
  workload_status: row('workload-manager', 'read', 'show how a workload is doing'),
  logs: row('workload-manager', 'read', 'show logs'),
  restart_workload: row('workload-manager', 'medium', 'restart a workload', [['workload']]),
  resume_workload: row('workload-manager', 'medium', 'resume a workload', [['workload', 'from']]),
  migrate_workload: row('workload-manager', 'medium', 'move a workload', [['workload', 'scope', 'from_node']]),
  stop_workload: row('workload-manager', 'high', 'stop a workload', [['workload', 'scope', 'kind', 'node']]),
  delete_workload: row('workload-manager', 'high', 'delete a workload', [['workload', 'scope']]),
  deploy_training: row('training-job', 'medium', 'start a training', [
    ['model', 'path', 'command', 'image', 'dataset_path'],
  ]),
  run_batch: row('job-scheduler', 'medium', 'run a job on nodes', [['job', 'command', 'image', 'path']]),
  retry_batch: row('job-scheduler', 'medium', 'retry the failed part of a batch'),
  batch_status: row('job-scheduler', 'read', 'show the progress of a batch'),
  list_schedules: row('job-scheduler', 'read', 'list schedules'),
  schedule_cron: row('job-scheduler', 'low', 'set up a schedule', [['schedule', 'update']]),
  schedule_delete: row('job-scheduler', 'low', 'remove a schedule'),
  health_report: row('observability', 'read', 'report on the health of the fleet'),
  list_alerts: row('observability', 'read', 'list alerts'),
  set_alert: row('observability', 'low', 'set up an alert', [['metric']]),
  schedule_report: row('observability', 'low', 'send a report regularly', [['schedule']]),
  share_report: row('observability', 'medium', 'share a report'),
  cordon_node: row('system-admin', 'medium', 'cordon a node', [['node']]),
  uncordon_node: row('system-admin', 'medium', 'uncordon a node', [['node']]),
  drain_node: row('system-admin', 'medium', 'drain a node', [['node']]),
  label_node: row('system-admin', 'low', 'label a node', [['node']]),
  canary_start: row('canary-release', 'medium', 'release a version gradually', [['service']]),
  canary_promote: row('canary-release', 'medium', 'give a canary more traffic'),
  canary_pause: row('canary-release', 'medium', 'pause a canary'),
  canary_status: row('canary-release', 'read', 'show how a canary is doing'),
  rollback: row('blue-green-deploy', 'medium', 'roll back to the previous version'),
  scale_service: row('autoscaler', 'medium', 'scale a service', [['service']]),
  autoscale_policy: row('autoscaler', 'medium', 'let a service scale itself', [['service']]),
  expose_service: row('networking', 'medium', 'give a service an address', [['service']]),
  list_routes: row('networking', 'read', 'list routes'),
  heal_policy: row('auto-heal', 'medium', 'set what happens when a workload fails'),
  incident_investigate: row('incident-response', 'read', 'investigate an incident'),
  cost_report: row('cost-optimize', 'read', 'report on cost and use'),
  market_search: row('molt-marketplace', 'read', 'search the marketplace'),
  market_status: row('molt-marketplace', 'read', 'show offers, leases and earnings'),
  market_offer_create: row('molt-marketplace', 'high', 'offer capacity on the marketplace'),
  market_offer_cancel: row('molt-marketplace', 'high', 'withdraw an offer'),
  market_bid: row('molt-marketplace', 'high', 'bid for capacity'),
  secret_create: row('secrets-config', 'high', 'store a secret'),
  secret_rotate: row('secrets-config', 'high', 'rotate a secret'),
  secret_delete: row('secrets-config', 'high', 'delete a secret'),
  list_secrets: row('secrets-config', 'read', 'list the names of secrets'),
  set_config: row('secrets-config', 'medium', 'change a setting of a workload', [['workload'], ['key']]),
  list_volumes: row('storage', 'read', 'list volumes'),
  create_volume: row('storage', 'low', 'create a volume', [['size']]),
  snapshot_volume: row('storage', 'low', 'take a snapshot of a volume', [['volume']]),
  delete_volume: row('storage', 'critical', 'delete a volume', [['volume']]),
  invite_member: row('auth-rbac', 'high', 'invite a person', [['email']]),
  set_role: row('auth-rbac', 'high', 'change a role', [['member'], ['role']]),
  create_api_key: row('auth-rbac', 'high', 'create an API key'),
  revoke_api_key: row('auth-rbac', 'high', 'revoke an API key'),
  audit_query: row('auth-rbac', 'read', 'search the audit log'),
} as const satisfies Record<string, ToolRow>

export type ToolName = keyof typeof TOOLS
export const ACTS = ['approve', 'reject', 'modify_plan', 'clarify', 'refuse', 'out_of_scope', 'multi'] as const
export type Act = (typeof ACTS)[number]
export type Intent = ToolName | Act

export function isTool(intent: string): intent is ToolName {
  return Object.hasOwn(TOOLS, intent)
}

export function toolRow(intent: ToolName): ToolRow {
  return TOOLS[intent]
}

/** True for a tool that changes something. */
export function isChange(intent: string): boolean {
  return isTool(intent) && TOOLS[intent].risk !== 'read'
}

/** High and critical plans are decided on the card only; a typed yes never counts for them. */
export function needsCard(intent: string): boolean {
  if (!isTool(intent)) return true
  const { risk } = toolRow(intent)
  return risk === 'high' || risk === 'critical'
}

export const QUESTIONS: Readonly<Record<string, string>> = {
  workload: 'Which workload?',
  service: 'Which service?',
  node: 'Which node?',
  gpu: 'Which GPU?',
  model: 'Which model?',
  job: 'Which job, script or image should run?',
  schedule: 'How often, or at what time?',
  metric: 'What should be watched?',
  email: 'Which e-mail address?',
  member: 'Which person?',
  role: 'Which role: viewer, operator, approver, admin or owner?',
  volume: 'Which volume?',
  size: 'How large should the volume be?',
  key: 'Which setting, and to what value?',
  plan: 'Which plan?',
}
