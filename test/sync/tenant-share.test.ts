import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Company } from '../../src/sync/company.ts'
import { costOfRequest, TenantShare } from '../../src/sync/tenant-share.ts'

function open(...about: string[]) {
  const tenants = new Company(() => 0)
  for (const tenantId of about) tenants.note(tenantId)
  return new TenantShare(tenants)
}
/** A machine that has worked for so long each time that it is asked. */
function working(ms: number) {
  let worked = 0
  return () => {
    worked += ms
    return worked
  }
}
/** How long work takes until it has been the tenant's share: what is much, and what is little. */
const [timesItsWork, timesLittle] = [9, 3]
const creditMs = 450
/** More than the credit. */
const much = 60
/** The most that is no much. */
const little = 6

/** How many are at work at once, at most, and in which order they began. */
function watched() {
  const order: string[] = []
  let working = 0
  let most = 0
  const work =
    (name: string, ms = 0) =>
    async () => {
      order.push(name)
      working += 1
      most = Math.max(most, working)
      await setTimeout(ms)
      working -= 1
      return name
    }
  return { order, most: () => most, work }
}
const timed = async (work: () => Promise<unknown>) => {
  const began = performance.now()
  await work()
  return performance.now() - began
}
const nothing = async () => {}

it('a tenant that is alone has all that there is', async () => {
  const share = open('crowd')
  const { most, work } = watched()
  await Promise.all(['a', 'b', 'c'].map((who) => share.run('crowd', who, much, work(who))))
  expect(most()).toBe(3)
})

it('who asks for little has it at once, beside whomever', async () => {
  const share = open('crowd', 'other')
  const { most, work } = watched()
  await share.run('crowd', 'a', 10 * much, nothing)
  await Promise.all(['a', 'b', 'c'].map((who) => share.run('other', who, 2, work(who))))
  expect(most()).toBe(3)
})

it('what costs much is done one after the other beside another tenant, though there is credit; and what is little beside it', async () => {
  const share = open('crowd', 'other')
  const { order, most, work } = watched()
  const batches = ['a', 'b', 'c'].map((who) => share.run('crowd', who, 12, work(who, 20)))
  await setTimeout(1)
  expect(await share.run('crowd', 'd', 2, work('little'))).toBe('little')
  expect(order).toEqual(['a', 'little'])
  await Promise.all(batches)
  expect(order).toEqual(['a', 'little', 'b', 'c'])
  expect(most()).toBe(2)
})

it('what begins waits until nothing is owed, what has begun goes on before it on credit', async () => {
  const share = open('crowd', 'other')
  const { order, work } = watched()
  await share.run('crowd', 'a', 16, work('a is read'), { begins: true })
  const next = share.run('crowd', 'b', 16, work('b is read'), { begins: true })
  await share.run('crowd', 'a', 29, work('a is decided'))
  expect(await timed(() => next)).toBeGreaterThan(timesItsWork * 29 - 10)
  expect(order).toEqual(['a is read', 'a is decided', 'b is read'])
})

it('past its credit a tenant has a ninth of the time for what costs much, a third for what is little, by what its work costs, however quick it was', async () => {
  const share = open('crowd', 'other')
  await share.run('crowd', 'a', much, nothing)
  expect(await timed(() => share.run('crowd', 'a', 0, nothing))).toBeGreaterThan(
    timesItsWork * (much - 50) - 5,
  )
  await share.run('crowd', 'a', much, nothing)
  // What was answered counts as well.
  share.charge('crowd', 20)
  expect(await timed(() => share.run('crowd', 'a', 0, nothing))).toBeGreaterThan(
    timesItsWork * 20 + timesItsWork * (much - 50) - 5,
  )
  const ofSmall = open('crowd', 'other')
  for (let i = 0; i < 40; i += 1) ofSmall.charge('crowd', little)
  expect(ofSmall.waitMs('crowd')).toBeGreaterThan(timesLittle * 40 * little - creditMs - 5)
  expect(ofSmall.waitMs('crowd')).toBeLessThanOrEqual(timesLittle * 40 * little - creditMs)
})

it('what has to wait is done one after the other, its people by turns', async () => {
  const share = open('crowd', 'other')
  const { order, most, work } = watched()
  for (const who of ['a', 'b']) share.charge('crowd', much, who)
  const crowd = ['a', 'a', 'a', 'b'].map((who) => share.run('crowd', who, 0, work(who)))
  expect(await Promise.all(crowd)).toEqual(['a', 'a', 'a', 'b'])
  expect(order).toEqual(['a', 'a', 'b', 'a'])
  expect(most()).toBe(1)
})

it('who has had little waits behind nobody of their own tenant while there is credit, who has had much until nothing is owed', async () => {
  const share = open('crowd', 'other')
  await share.run('crowd', 'heavy', 40, nothing)
  const began = performance.now()
  const heavy = share.run('crowd', 'heavy', 0, nothing).then(() => performance.now() - began)
  const { order, work } = watched()
  await share.run('crowd', 'light', 2, work('light'))
  expect(order).toEqual(['light'])
  expect(performance.now() - began).toBeLessThan(60)
  expect(await heavy).toBeGreaterThan(timesItsWork * 40 - 10)
})

it('long work lets whoever asks for little go before its next step, of other tenants, and for so long', async () => {
  const share = open('crowd', 'other')
  const letPassMs = () => timed(() => share.letPass('crowd'))
  expect(await letPassMs()).toBeLessThan(1)
  // Who asks for much, who has had much, and whoever is of the same tenant.
  share.charge('other', much, 'heavy')
  for (const [tenantId, who, costMs] of [
    ['other', 'b', 12],
    ['other', 'heavy', 1],
    ['crowd', 'a', 1],
  ] as const)
    share.pass(tenantId, who, costMs)
  expect(await letPassMs()).toBeLessThan(1)

  const passed = share.pass('other', 'b', 1)
  let isOver = false
  const step = share.letPass('crowd').then(() => {
    isOver = true
  })
  await setTimeout(2)
  expect(isOver).toBe(false)
  passed()
  await step
  // Somebody who is never answered holds up a step, not the work.
  share.pass('other', 'b', 1)
  await share.letPass('crowd')
  await setTimeout(110)
  expect(await letPassMs()).toBeLessThan(1)
})

it('work that fails has had its turn, and who waits for long lets the next begin', async () => {
  const share = open('crowd', 'other')
  await share.run('crowd', 'a', much, nothing)
  const failed = share.run('crowd', 'a', 0, () => Promise.reject(new Error('failed')))
  const { promise: freed, resolve: free } = Promise.withResolvers<void>()
  const waiting = share.run('crowd', 'a', 0, () => freed)
  await expect(failed).rejects.toThrow('failed')
  expect(await share.run('crowd', 'a', 0, async () => 'next')).toBe('next')
  free()
  await waiting
})

/** How many milliseconds of rest a second piece of work waits for, where 500 reckoned were worked in so many each time. */
async function restWhere(workedMs: number, pauseMs = 0) {
  const tenants = new Company(() => 0)
  for (const tenantId of ['crowd', 'other']) tenants.note(tenantId)
  const share = new TenantShare(tenants, working(workedMs))
  for (let i = 0; i < (pauseMs > 0 ? 4 : 20); i += 1) {
    share.charge('other', 500)
    if (pauseMs > 0) await setTimeout(pauseMs)
  }
  await share.run('crowd', 'a', 2 * much, nothing)
  return share.waitMs('crowd')
}
const reckoned = timesItsWork * (2 * much - 50)

it('costs are what they come to on this machine: a quick one does more in a third of its time, a slow one less', async () => {
  expect(await restWhere(500 / 2.5)).toBeCloseTo(reckoned, -2)
  expect(await restWhere(20)).toBe(0)
  expect(await restWhere(timesItsWork * (500 / 2.5))).toBeGreaterThan(2 * reckoned)
  // It is not believed to be any number of times as slow.
  expect(await restWhere(1_000_000)).toBeLessThanOrEqual(timesItsWork * (8 * 2 * much - 50))
})

it('what is little is never taken for more than it is reckoned at', async () => {
  const tenants = new Company(() => 0)
  for (const tenantId of ['crowd', 'other']) tenants.note(tenantId)
  const share = new TenantShare(tenants, working(1_000_000))
  for (let i = 0; i < 20; i += 1) share.charge('other', 500)
  for (let i = 0; i < 50; i += 1) share.charge('crowd', little)
  const ofLittle = timesLittle * 50 * little - creditMs
  expect(share.waitMs('crowd')).toBeLessThanOrEqual(ofLittle)
  share.charge('crowd', little + 1)
  const waitMs = share.waitMs('crowd')
  expect(waitMs).toBeGreaterThan(ofLittle + timesItsWork * (little + 1))
  // Nor where it stands in line.
  const waiting = ['a', 'b'].map((who) => share.run('crowd', who, little, nothing))
  expect(share.waitMs('crowd')).toBeLessThanOrEqual(waitMs + timesLittle * 2 * little)
  await Promise.all(waiting)
})

it("what was worked at in a long pause is nobody's cost", async () => {
  expect(await restWhere(1_000_000, 260)).toBeLessThanOrEqual(reckoned)
})

it('says how long whoever comes now would wait', async () => {
  const share = open('crowd', 'other')
  expect(share.waitMs('crowd')).toBe(0)
  await share.run('crowd', 'a', much, nothing)
  const waiting = ['b', 'c'].map((who) => share.run('crowd', who, 1, nothing))
  expect(share.waitMs('crowd')).toBeGreaterThan(timesItsWork * (much - 50) - 5)
  expect(share.waitMs('crowd')).toBeLessThanOrEqual(timesItsWork * (much - 50) + timesLittle * 2)
  await Promise.all(waiting)
  expect(share.waitMs('other')).toBe(0)
})

it('questions are asked at once where a tenant is alone, and one of a person after the other beside another', async () => {
  for (const [about, atOnce] of [
    [['crowd'], 3],
    [['crowd', 'other'], 1],
  ] as const) {
    const share = open(...about)
    const { most, work } = watched()
    await Promise.all(['a', 'b', 'c'].map((name) => share.ask('crowd', 'one', work(name, 10))))
    expect(most()).toBe(atOnce)
  }
  const share = open('crowd', 'other')
  const { most, work } = watched()
  await Promise.all(['a', 'b', 'c'].map((who) => share.ask('crowd', who, work(who, 10))))
  expect(most()).toBe(3)
})

it('what an answer took, or a failure, counts for what is asked next: as long as an answer may take, and no longer', async () => {
  const share = open('crowd', 'other')
  const [people, mostMs] = [4, 150]
  const asked = await Promise.allSettled(
    Array.from({ length: people }, (_, i) =>
      share.ask('crowd', `${i}`, async () => {
        await setTimeout(2 * mostMs)
        if (i === 0) throw new Error('the database is away')
      }),
    ),
  )
  expect(asked.map(({ status }) => status)).toEqual(['rejected', ...Array(people - 1).fill('fulfilled')])
  const owedMs = share.waitMs('crowd') + creditMs
  expect(owedMs).toBeGreaterThan((people - 1) * timesLittle * mostMs)
  expect(owedMs).toBeLessThan((people + 1) * timesLittle * mostMs)
})

it('reckons a request by its bytes, and of more than a megabyte what long texts cost', () => {
  expect(costOfRequest(70_000)).toBe(11.25)
  const most = costOfRequest(1_000_000)
  expect(most).toBeGreaterThan(costOfRequest(930_000) + 9)
  expect(costOfRequest(1_050_000)).toBe(most + 1)
  expect(costOfRequest(4_000_000)).toBe(most + 60)
})
