/**
 * Spans by OpenTelemetry's conventions (GraphQL, messaging), for whatever SDK the process was started with
 * (docs/operations.md); without one they are nothing, and cost as much. No payloads, tokens or PINs in them.
 */
import { type Attributes, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'

const tracer = trace.getTracer('modula-sync')

/** Runs `work` within a span; what it throws is noted and thrown. */
export function traced<T>(
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
  kind: SpanKind = SpanKind.INTERNAL,
): Promise<T> {
  return tracer.startActiveSpan(name, { attributes, kind }, async (span) => {
    try {
      return await work()
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  })
}

/** A batch of a device's queue: a consumer that processes messages. */
export const tracedPush = <T>(
  of: { tenantId: string; deviceId: string; operations: readonly unknown[] },
  work: () => Promise<T>,
): Promise<T> =>
  traced(
    'process sync.push',
    {
      'messaging.system': 'modula-sync',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'sync.push',
      'messaging.batch.message_count': of.operations.length,
      'messaging.client.id': of.deviceId,
      'modula.tenant.id': of.tenantId,
    },
    work,
    SpanKind.CONSUMER,
  )
