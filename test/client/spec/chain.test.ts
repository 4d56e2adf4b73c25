/** The till's side of the proof: its chain, what it says of its end, and what is dealt with at the desk (docs/proof.md). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QueuedOperation } from '../../../client/sdk/words.ts'
import { type Client, type Gateway, startGateway } from '../../support/gateway.ts'
import { goOffline, goOnline, openCashSession, openTill, pushed, sell } from '../support/till.ts'

let gateway: Gateway
let manager: Client
beforeAll(async () => {
  gateway = await startGateway()
  manager = await gateway.as('admin', { deviceId: 'office' })
})
afterAll(() => gateway.close())

type Chain = { state: string; wholeTo: number; missingCount: number; headSeq: number | null }
async function chainsOf(deviceId: string): Promise<Chain[]> {
  const { devices } = await manager.data<{
    devices: { edges: { node: { deviceId: string; chains: Chain[] } }[] }
  }>(
    '{ devices(tenantId: "demo", first: 100) { edges { node { deviceId chains { state wholeTo missingCount headSeq } } } } }',
  )
  return devices.edges.find(({ node }) => node.deviceId === deviceId)?.node.chains ?? []
}
const deviceOf = ({ network }: Awaited<ReturnType<typeof openTill>>) =>
  String(network.sent.find(({ query }) => query.includes('syncPushBatch'))!.variables.input!.deviceId)

describe('the chain of a till', () => {
  it('is made with the queue and sent with it: whole, also over a restart', async () => {
    const till = await openTill(gateway)
    await goOffline(till)
    const session = await openCashSession(till)
    await sell(till, session)
    const again = await till.restart()
    await sell(again, session)
    await goOnline(again)
    const sent = pushed(again.network).flat() as unknown as QueuedOperation[]
    expect(sent.map(({ deviceSeq }) => deviceSeq)).toEqual([1, 2, 3])
    expect(sent.every(({ chain }) => chain !== undefined && !('madeAs' in chain))).toBe(true)
    // How it ends is in its report, which nobody waits for.
    await expect
      .poll(() => chainsOf(deviceOf(again)), { timeout: 20_000 })
      .toMatchObject([{ state: 'WHOLE', wholeTo: 3, missingCount: 0, headSeq: 3 }])
    await again.client.close()
  })

  it('goes on over what is sent to another session: nothing is missing', async () => {
    const first = await openTill(gateway)
    const second = await openTill(gateway, { branchId: first.context.branchId })
    const session = await openCashSession(first)
    await first.client.sync()
    await second.client.sync()
    await goOffline(second)
    await sell(second, session)
    await first.client.perform('cashSession.close', { cashSessionId: session, counted: { usd: 0, khr: 0 } })
    const next = await openCashSession(first)
    await first.client.sync()
    await goOnline(second)
    const [failed] = second.client.status().failed
    await second.client.reassign(failed!.clientOpId, { cashSessionId: next })
    await second.client.sync()
    expect(second.client.status().failed).toEqual([])
    expect(await chainsOf(deviceOf(second))).toMatchObject([{ state: 'WHOLE', wholeTo: 2 }])
    await first.client.close()
    await second.client.close()
  })

  it('what the desk books as a supplement leaves what failed here, and is seen', async () => {
    const first = await openTill(gateway)
    const { branchId } = first.context
    const second = await openTill(gateway, { branchId })
    const session = await openCashSession(first)
    await first.client.sync()
    await second.client.sync()
    await goOffline(second)
    const sold = await sell(second, session)
    await first.client.perform('cashSession.close', { cashSessionId: session, counted: { usd: 0, khr: 0 } })
    await first.client.sync()
    await goOnline(second)
    const [failed] = second.client.status().failed
    expect(failed!.code).toBe('CASH_SESSION_NOT_OPEN')
    const input = { cashSessionId: session, clientOpIds: [failed!.clientOpId] }
    expect((await manager.direct('cashSessionSupplement', input, { branchId })).status).toBe('APPLIED')
    await second.client.sync()
    expect(second.client.status().failed).toEqual([])
    expect(second.client.get('sale', sold.saleId)).toMatchObject({ receiptNumber: 1 })
    expect(second.client.get('closingStatement', session)).toMatchObject({ number: 1, sales: { count: 0 } })
    await first.client.close()
    await second.client.close()
  })
})
