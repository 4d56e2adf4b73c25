import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession, salePayload } from '../support/cafe.ts'
import { type Client, type Gateway, operation, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let cashier: Client
const cashSessionId = randomUUID()

beforeAll(async () => {
  gateway = await startGateway()
  cashier = await gateway.as('cashier-1')
  const [opened] = await cashier.push([openSession(cashSessionId)])
  expect(opened).toMatchObject({ status: 'APPLIED', duplicate: false })
})
afterAll(() => gateway?.close())

describe('two lanes, one road (4.5)', () => {
  it('EC-OS-01: a key used by a direct mutation and again by a replay is applied once', async () => {
    const payload = salePayload(cashSessionId)
    const direct = await cashier.direct('saleFinalize', payload)
    expect(direct).toMatchObject({ status: 'APPLIED', duplicate: false })
    const [replayed] = await cashier.push([
      operation('sale.finalize', payload, { clientOpId: direct.clientOpId }),
    ])
    expect(replayed).toEqual({ ...direct, duplicate: true })
  })

  it('EC-OS-01: a key used by a replay and again by a direct mutation is applied once', async () => {
    const payload = salePayload(cashSessionId)
    const [replayed] = await cashier.push([operation('sale.finalize', payload)])
    const direct = await cashier.direct('saleFinalize', payload, { key: replayed!.clientOpId })
    expect(direct).toEqual({ ...replayed, duplicate: true })
  })

  it('EC-OS-01B: the same key with another payload is refused across lanes', async () => {
    const [replayed] = await cashier.push([operation('sale.finalize', salePayload(cashSessionId))])
    const direct = await cashier.direct('saleFinalize', salePayload(cashSessionId), {
      key: replayed!.clientOpId,
    })
    expect(direct).toMatchObject({ status: 'REJECTED', code: 'CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD' })
  })
})
