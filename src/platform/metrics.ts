import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = ReturnType<typeof createMetrics>

/** What was decided about an operation; there is no code when it was applied. */
type Outcome = { status: string; code?: string | null; lane: string; type: string }

/**
 * The gateway's metrics in a registry of their own, so that two gateways of one process do not share numbers.
 * A type comes from the wire and would let a client make time series without end: types and codes that are not
 * `known` are counted as `other`.
 */
export function createMetrics(known: { types: Iterable<string>; codes: Iterable<string> }) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const types = new Set(known.types)
  const codes = new Set(known.codes)

  const operations = new Counter({
    name: 'modula_operations_total',
    help: 'Operations decided',
    labelNames: ['status', 'code', 'lane', 'type'],
    registers: [registry],
  })

  return {
    registry,
    countOperation({ status, code, lane, type }: Outcome): void {
      operations.inc({
        status,
        code: !code || codes.has(code) ? (code ?? '') : 'other',
        lane,
        type: types.has(type) ? type : 'other',
      })
    },
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
    changesPulled: new Counter({
      name: 'modula_changes_pulled_total',
      help: 'Changes handed out by pulls',
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
    busUp: new Gauge({
      name: 'modula_bus_up',
      help: '1 while nudges reach the other gateways',
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
    writesRefused: new Gauge({
      name: 'modula_writes_refused',
      help: '1 while the database has no room for what is written (a full disk)',
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
