/** A person who works elsewhere from now on: what their old tablet shows, what becomes of what waits there, and for whom. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { goOffline, newBranch, openCashSession, openTill, sell } from '../support/till.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

it('a cashier who was moved sells no more there; what they sold waits for its way out, and keeps nobody from anything', async () => {
  const [here, there] = [await newBranch(gateway), await newBranch(gateway)]
  const admin = await gateway.as('admin')
  const save = (staffCode: string, more: object) =>
    admin.direct(
      'staffSave',
      { accountId: staffCode, staffCode, name: staffCode, ...more },
      { branchId: null },
    )
  const [ann, bob] = [`ann-${randomUUID().slice(0, 8)}`, `bob-${randomUUID().slice(0, 8)}`]
  for (const name of [ann, bob]) await save(name, { role: 'CASHIER', pin: '2580', branchIds: [here] })
  const till = await openTill(gateway, { staffCode: ann, branchId: here, pin: '2580' })
  const { client, context, network } = till
  const takeOver = async (staffCode: string, branchId = here) => {
    const { people } = client
    const isKnown = people.list('demo').some(({ accountId }) => accountId === staffCode)
    if (isKnown) await people.confirm(staffCode, 'demo', '2580')
    else await people.signIn({ tenantId: 'demo', staffCode, pin: '2580' })
    await client.switchContext({ ...context, actorId: staffCode, branchId })
  }
  const cashSessionId = await openCashSession(till)
  await client.sync()
  await goOffline(till)
  const { clientOpId } = await sell(till, cashSessionId)
  await save(ann, { branchIds: [there] })
  network.state = 'up'
  await expect(client.sync()).rejects.toMatchObject({ code: 'NO_BRANCH_ACCESS' })
  const refused = [{ clientOpId, code: 'NO_BRANCH_ACCESS', actorId: ann }]
  const isAway = { code: 'NO_BRANCH_ACCESS', message: 'You are not assigned to this branch.' }
  expect(client.status()).toMatchObject({ failed: refused, problem: isAway, connectivity: 'online' })
  // It has never come: to stand another in its place would leave its number missing for good.
  expect(client.status().failed[0]!.waysOut).toEqual(['retry', 'discard'])
  await expect(client.reassign(clientOpId, { cashSessionId })).rejects.toMatchObject({
    code: 'CANNOT_REASSIGN',
  })
  expect(client.blocked('sale.finalize')).toMatchObject(isAway)
  await expect(sell(till, cashSessionId)).rejects.toMatchObject({ name: 'OperationBlocked', ...isAway })

  // Also after a start without a network, and on the tablet of a colleague who pulls their branch.
  await goOffline(till)
  const restarted = await till.restart()
  await expect(sell(restarted, cashSessionId)).rejects.toMatchObject(isAway)
  await restarted.client.close()
  network.state = 'up'
  await takeOver(bob)
  await client.sync()
  const sold = await sell(till, cashSessionId)
  await client.sync()
  expect(client.status()).toMatchObject({ failed: refused, pending: 0, problem: null })
  expect(client.query('sale')).toMatchObject([{ id: sold.saleId, receiptNumber: 1, pending: false }])

  // Where she works now, with the same tablet.
  await takeOver(ann, there)
  await client.sync()
  expect(client.blocked('attendance.startWork')).toBeNull()
  await sell(till, await openCashSession(till))
  await client.sync()
  expect(client.status()).toMatchObject({ failed: refused, pending: 0, problem: null })
  expect(client.query('sale')).toHaveLength(1)

  // What is said under Rejected: assigned again, it goes on by itself when somebody comes.
  await save(ann, { branchIds: [here, there] })
  await takeOver(bob)
  await client.sync()
  expect(client.status()).toMatchObject({ failed: [], pending: 0, problem: null })
  expect(client.query('cashSession')).toMatchObject([{ id: cashSessionId, status: 'OPEN', pending: false }])
  expect(client.query('sale')).toHaveLength(2)
  await takeOver(ann)
  await client.sync()
  expect(client.blocked('sale.finalize')).toBeNull()
  await client.close()
})
