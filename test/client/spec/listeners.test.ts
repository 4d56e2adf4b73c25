/** What an app's listener throws is told as the platform tells of it, and stops nothing else. */
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { type Gateway, startGateway } from '../../support/gateway.ts'
import { goOffline, goOnline, openCashSession, openTill, sell } from '../support/till.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

/** What the process hears of meanwhile, in the place of those who listen otherwise. */
function unhandled(): Set<string> {
  const heard = new Set<string>()
  const before = process.listeners('unhandledRejection')
  process
    .removeAllListeners('unhandledRejection')
    .on('unhandledRejection', (error: Error) => heard.add(error.message))
  onTestFinished(() => {
    process.removeAllListeners('unhandledRejection')
    for (const listener of before) process.on('unhandledRejection', listener)
  })
  return heard
}

it('a listener that throws ends no run and no sign-in, and keeps the news from nobody', async () => {
  const heard = unhandled()
  const till = await openTill(gateway, { branchId: 'riverside' })
  const { client } = till
  const told = { verdicts: 0, status: 0, sales: 0, people: 0 }
  const fails = (by: string) => () => {
    throw new Error(by)
  }
  client.onVerdict(fails('a verdict'))
  client.subscribe(fails('a status'))
  client.watch('sale', undefined, fails('sales'))
  client.people.subscribe(fails('people'))
  client.onVerdict(() => (told.verdicts += 1))
  client.subscribe(() => (told.status += 1))
  client.watch('sale', undefined, (sales) => (told.sales = sales.length))
  client.people.subscribe(() => (told.people += 1))

  await goOffline(till)
  const session = await openCashSession(till)
  await sell(till, session)
  await goOnline(till)
  expect(client.status()).toMatchObject({ pending: 0, syncing: 0, failed: [], problem: null })
  expect(client.query('sale')).toMatchObject([{ receiptNumber: 1, pending: false }])

  const manager = await client.people.signIn({ tenantId: 'demo', staffCode: 'manager', pin: '1234' })
  await client.switchContext({ ...till.context, actorId: manager.accountId })
  await client.sync()
  expect(told).toMatchObject({ verdicts: 2, sales: 1 })
  expect(Math.min(told.status, told.people)).toBeGreaterThan(0)
  expect([...heard].sort()).toEqual(['a status', 'a verdict', 'people', 'sales'])
  await client.close()
  // What was told last is heard of after this turn.
  await new Promise((go) => setImmediate(go))
})
