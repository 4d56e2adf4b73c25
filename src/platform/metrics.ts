import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = ReturnType<typeof createMetrics>

type Known = {
  types: Iterable<string>
  codes: Iterable<string>
  labels?: { lanes: Labels; errors: Labels; deferrals: Labels; signIns: Labels }
}
type Labels = readonly string[]

/** What was decided about an operation; there is no code when it was applied. */
type Outcome = { status: string; code?: string | null; lane: string; type: string }

/**
 * The gateway's metrics in a registry of their own, so that two gateways of one process do not share numbers.
 * A type comes from the wire and would let a client make time series without end: types and codes that are not
 * `known` are counted as `other`. What an alert counts begins at 0, by all its `labels`: in a series that appears with its
 * first count Prometheus sees no increase, so nobody would be told of the first.
 */
export function createMetrics(known: Known) {
  const registry = new Registry()
  const types = new Set(known.types)
  const codes = new Set(known.codes)

  const operations = new Counter({
    name: 'modula_operations_total',
    help: 'Operations decided',
    labelNames: ['status', 'code', 'lane', 'type'],
    registers: [registry],
  })

  const ofPages = {
    changes: new Histogram({
      name: 'modula_pull_changes',
      help: 'Changes of a page',
      buckets: [0, 1, 10, 50, 100, 250, 500, 1000],
      registers: [registry],
    }),
    lag: new Histogram({
      name: 'modula_device_lag_changes',
      help: 'How far behind the head of its branch a device was when it pulled, in sequence numbers',
      buckets: [0, 1, 10, 100, 1_000, 10_000, 100_000],
      registers: [registry],
    }),
    pulled: new Counter({
      name: 'modula_changes_pulled_total',
      help: 'Changes handed out by pulls',
      registers: [registry],
    }),
  }

  const plain = plainMetrics(registry)
  const { lanes = [], errors = [], deferrals = [], signIns = [] } = known.labels ?? {}
  for (const type of types)
    for (const lane of lanes) operations.inc({ status: 'REJECTED', code: 'OPERATION_FAILED', lane, type }, 0)
  for (const code of errors) plain.requestErrors.inc({ code }, 0)
  for (const reason of deferrals) plain.deferred.inc({ reason }, 0)
  for (const result of signIns) plain.signIns.inc({ result }, 0)

  return {
    registry,
    /** Of what a pull was answered with. */
    countPage(page: { count: number; headSeq: number; pulledSeq: number }): void {
      ofPages.pulled.inc(page.count)
      ofPages.changes.observe(page.count)
      ofPages.lag.observe(page.count + page.headSeq - page.pulledSeq)
    },
    countOperation({ status, code, lane, type }: Outcome): void {
      operations.inc({
        status,
        code: !code || codes.has(code) ? (code ?? '') : 'other',
        lane,
        type: types.has(type) ? type : 'other',
      })
    },
    ...plain,
    ...databaseMetrics(registry),
  }
}

/** What a thread has counted, as it tells another. */
export type MetricValues = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

/** The process's own: its memory, and of this thread the event loop's lag and the collections. */
export function createProcessMetrics(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  // Counts of no counter's, which have these names by no convention; each says again what the one of its kind adds up to.
  for (const what of ['handles', 'requests', 'resources'])
    registry.removeSingleMetric(`nodejs_active_${what}_total`)
  return registry
}

/** What stays of a thread that has ended, added to what stayed of others: what is counted never becomes less. */
export const leftOf = (ended: MetricValues, last: MetricValues): Promise<MetricValues> =>
  AggregatorRegistry.aggregate([
    ended,
    last.filter(({ type }) => String(type) !== 'gauge'),
  ]).getMetricsAsJSON()

/** As Prometheus reads it: of the process, and of its threads together. */
export async function metricsText(
  ofProcess: Registry,
  { registry }: Pick<Metrics, 'registry'>,
  ofThreads: readonly MetricValues[],
): Promise<{ contentType: string; text: string }> {
  const counted = AggregatorRegistry.aggregate([await registry.getMetricsAsJSON(), ...ofThreads])
  return {
    contentType: registry.contentType,
    text: `${await ofProcess.metrics()}\n${await counted.metrics()}`,
  }
}

/** Those that whoever counts them knows by name. */
function plainMetrics(registry: Registry) {
  return {
    pushSeconds: new Histogram({
      name: 'modula_push_batch_seconds',
      help: 'Time to decide a batch of operations',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    }),
    pullSeconds: new Histogram({
      name: 'modula_pull_seconds',
      help: 'Time to answer a pull',
      buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers: [registry],
    }),
    pushOperations: new Histogram({
      name: 'modula_push_batch_operations',
      help: 'Operations of a batch',
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000],
      registers: [registry],
    }),
    requestBytes: new Histogram({
      name: 'modula_request_bytes',
      help: 'Bodies of GraphQL requests, inflated',
      buckets: [1_000, 4_000, 16_000, 64_000, 256_000, 1_000_000, 4_000_000],
      registers: [registry],
    }),
    feedAdvances: new Counter({
      name: 'modula_feed_advances_total',
      help: 'Streams whose head moved, by commits of this gateway',
      registers: [registry],
    }),
    requestErrors: new Counter({
      name: 'modula_request_errors_total',
      help: 'Errors of whole requests, by their code',
      labelNames: ['code'],
      registers: [registry],
    }),
    nudgesSent: new Counter({
      name: 'modula_nudges_sent_total',
      help: 'Nudges sent to sockets',
      registers: [registry],
    }),
    nudgesDropped: new Counter({
      name: 'modula_nudges_dropped_total',
      help: 'Nudges that were not sent to a socket because it does not read',
      registers: [registry],
    }),
    sockets: new Gauge({ name: 'modula_sockets', help: 'Open WebSockets', registers: [registry] }),
    connectionsReset: new Counter({
      name: 'modula_connections_reset_total',
      help: 'Connections that were reset: one too many of an address, or too many requests in one',
      labelNames: ['reason'],
      registers: [registry],
    }),
    handedOver: new Counter({
      name: 'modula_requests_handed_over_total',
      help: 'Large requests answered by a thread of their own',
      registers: [registry],
    }),
    deferred: new Counter({
      name: 'modula_deferred_total',
      help: 'Operations put off because they could not be decided',
      labelNames: ['reason'],
      registers: [registry],
    }),
    signIns: new Counter({
      name: 'modula_sign_ins_total',
      help: 'Tries to sign in with a PIN',
      labelNames: ['result'],
      registers: [registry],
    }),
  }
}

/** What the database does and is. */
function databaseMetrics(registry: Registry) {
  return {
    pulls: new Counter({
      name: 'modula_pulls_total',
      help: 'Pages read, by the server that they came from: primary or replica',
      labelNames: ['server'],
      registers: [registry],
    }),
    slowStatements: new Counter({
      name: 'modula_slow_statements_total',
      help: 'Statements that took longer than SLOW_STATEMENT_MS',
      registers: [registry],
    }),
    writesRefused: new Gauge({
      name: 'modula_writes_refused',
      help: '1 while the database has no room for what is written (a full disk)',
      aggregator: 'max',
      registers: [registry],
    }),
    maintenancePurged: new Counter({
      name: 'modula_maintenance_purged_total',
      help: 'Rows removed by maintenance',
      labelNames: ['kind'],
      registers: [registry],
    }),
  }
}

/** What is looked up when it is asked for. */
export type Gauges = {
  readonly pool: () => { total: number; idle: number; waiting: number }
  readonly batches: () => { inHand: number; waitingForConnection: number }
  readonly nudges: () => { sinks: number; busyBranches: number }
  readonly busHealthy: () => boolean
  /** Null without one. */
  readonly replicaUsable: () => boolean | null
  readonly version: string
}

/** Registers what is looked up, and which gateway this is. */
export function registerGauges({ registry }: Metrics, gauges: Gauges): void {
  const gauge = (name: string, help: string, read: () => number | Record<string, number>, label = 'state') =>
    new Gauge({
      name,
      help,
      // What is one or none is so of all threads together, as all else is their sum.
      aggregator: /_(up|info)$/.test(name) ? 'min' : 'sum',
      registers: [registry],
      labelNames: typeof read() === 'number' ? [] : [label],
      collect() {
        const value = read()
        if (typeof value === 'number') this.set(value)
        else for (const [state, each] of Object.entries(value)) this.set({ [label]: state }, each)
      },
    })
  gauge('modula_database_connections', 'Connections of the pool', () => {
    const { total, idle } = gauges.pool()
    return { idle, busy: total - idle }
  })
  gauge('modula_database_waiting', 'What waits for a connection of the pool', () => gauges.pool().waiting)
  gauge('modula_batches_in_hand', 'Batches that wait for a turn or have it', () => gauges.batches().inHand)
  gauge(
    'modula_writers_waiting',
    'Batches that have their turn and wait for a connection',
    () => gauges.batches().waitingForConnection,
  )
  gauge('modula_nudge_listeners', 'Subscriptions to nudges', () => gauges.nudges().sinks)
  gauge(
    'modula_nudge_busy_branches',
    'Branches whose nudges are being merged',
    () => gauges.nudges().busyBranches,
  )
  gauge('modula_bus_up', '1 while nudges reach the other gateways', () => (gauges.busHealthy() ? 1 : 0))
  if (gauges.replicaUsable() !== null)
    gauge('modula_replica_up', '1 while pulls may be read from the replica', () =>
      gauges.replicaUsable() ? 1 : 0,
    )
  gauge('modula_build_info', '1, with the version', () => ({ [gauges.version]: 1 }), 'version')
}
