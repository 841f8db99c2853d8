const COUNTERS = {
  enrolments: 'Machines that joined',
  enrolments_refused: 'Enrolments that were refused',
  connections: 'Node connections that were proven',
  connections_refused: 'Node connections that were refused',
  messages: 'Messages of nodes that were stored',
  messages_refused: 'Messages of nodes that were refused',
  telemetry_samples: 'Samples (one node, one tick) that were stored',
  telemetry_duplicates: 'Repeated batches that were acknowledged and not stored again',
  telemetry_too_old: 'Samples that were too old to store',
  telemetry_dropped: 'Samples that node agents had to drop before sending',
  telemetry_flushes: 'Transactions that stored telemetry',
  log_lines: 'Log lines that were stored',
  storage_failures: 'Messages that could not be stored and that the node will send again',
} as const
export type CounterName = keyof typeof COUNTERS

/** The gateway's own counters, for Prometheus and for people who wonder. */
export class GatewayMetrics {
  readonly #values = new Map<CounterName, number>()

  add(name: CounterName, by = 1): void {
    this.#values.set(name, (this.#values.get(name) ?? 0) + by)
  }

  get(name: CounterName): number {
    return this.#values.get(name) ?? 0
  }

  text(connected: number): string {
    const lines = Object.entries(COUNTERS).flatMap(([name, help]) => [
      `# HELP clawbernetes_gateway_${name}_total ${help}.`,
      `# TYPE clawbernetes_gateway_${name}_total counter`,
      `clawbernetes_gateway_${name}_total ${this.get(name as CounterName)}`,
    ])
    const gauge = [
      '# HELP clawbernetes_gateway_nodes Nodes connected to this process.',
      '# TYPE clawbernetes_gateway_nodes gauge',
      `clawbernetes_gateway_nodes ${connected}`,
    ]
    return `${[...lines, ...gauge].join('\n')}\n`
  }
}
