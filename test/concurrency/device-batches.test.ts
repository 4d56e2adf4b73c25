/** FR-3: two batches of one device never interleave, at whatever gateways they arrive; those of two devices may. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newBranch } from '../support/branch.ts'
import { openSession, sale } from '../support/cafe.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'

let gateways: Gateway[]
let admin: Client

beforeAll(async () => {
  // Chunks of two: a batch is many transactions, between which another could slip in.
  const env = { PUSH_CHUNK: '2', LOCK_TIMEOUT_MS: '60000' }
  const first = await startGateway({ env })
  gateways = [first, await startGateway({ env, databaseUrl: first.databaseUrl })]
  admin = await first.as('admin')
})
afterAll(() => Promise.all((gateways ?? []).reverse().map((gateway) => gateway.close())))

/** Pushes a batch of sales from each of these tills at once; the receipt numbers of each. */
async function receipts(tills: readonly Client[]): Promise<number[][]> {
  const branchId = await newBranch(admin)
  const session = randomUUID()
  await admin.push([openSession(session, { branchId })])
  return Promise.all(
    tills.map(async (till) => {
      const results = await till.push(Array.from({ length: 20 }, () => sale(session, {}, { branchId })))
      return results.map(({ result }) => result.receiptNumber as number)
    }),
  )
}
const inARow = (numbers: readonly number[]) => numbers.every((n, i) => n === numbers[0]! + i)

it('batches of one device, at two gateways at once, are decided one after the other', async () => {
  const tills = await Promise.all([0, 1, 0, 1].map((i) => gateways[i]!.as('admin', { deviceId: 'till-1' })))
  const batches = await receipts(tills)
  expect(batches.map(inARow)).toEqual([true, true, true, true])
  expect(batches.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1))
})

it('batches of several devices are gapless together, each in its own order', async () => {
  const tills = await Promise.all(
    [0, 1, 0, 1].map((i, n) => gateways[i]!.as('admin', { deviceId: `till-${n}` })),
  )
  const batches = await receipts(tills)
  for (const numbers of batches) expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
  expect(batches.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1))
})
