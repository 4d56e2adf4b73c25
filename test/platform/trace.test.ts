/** With an OpenTelemetry SDK in the process, operations and batches are spans, without what they carry. */
import { trace } from '@opentelemetry/api'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSession } from '../support/cafe.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

const exporter = new InMemorySpanExporter()
let gateway: Gateway

beforeAll(async () => {
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  )
  gateway = await startGateway()
})
afterAll(async () => {
  await gateway?.close()
  trace.disable()
})

it('GraphQL operations and batches, by the conventions', async () => {
  const till = await gateway.as('cashier-1')
  exporter.reset()
  await till.push([openSession()])
  await till.data('query Mine { me(tenantId: "demo") { role } }')
  const spans = exporter.getFinishedSpans().map(({ name, attributes }) => ({ name, attributes }))
  expect(spans).toEqual([
    {
      name: 'process sync.push',
      attributes: expect.objectContaining({
        'messaging.operation.type': 'process',
        'messaging.batch.message_count': 1,
        'messaging.client.id': 'till-1',
        'modula.tenant.id': 'demo',
      }),
    },
    { name: 'mutation', attributes: { 'graphql.operation.type': 'mutation' } },
    {
      name: 'query',
      attributes: { 'graphql.operation.type': 'query', 'graphql.operation.name': 'Mine' },
    },
  ])
  expect(JSON.stringify(spans)).not.toContain('openingFloat')
})
