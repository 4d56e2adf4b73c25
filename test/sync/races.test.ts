/** Two writers who do not hold the same stream's lock: PostgreSQL's unique indexes decide, and the loser is decided again. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { newBranch } from '../support/branch.ts'
import { endWork, openSession, sale, startWork } from '../support/cafe.ts'
import { type Client, type Envelope, type Gateway, operation, startGateway } from '../support/gateway.ts'
import { lockWaiters } from '../support/waiting.ts'

let gateway: Gateway
let second: Gateway
let admin: Client
let one: string
let two: string

beforeAll(async () => {
  const env = { LOCK_TIMEOUT_MS: '60000', STATEMENT_TIMEOUT_MS: '60000' }
  gateway = await startGateway({ env })
  second = await startGateway({ env, databaseUrl: gateway.databaseUrl })
  admin = await gateway.as('admin')
})
afterAll(async () => {
  await second?.close()
  await gateway?.close()
})
beforeEach(async () => {
  one = await newBranch(admin)
  two = await newBranch(admin)
})

/**
 * Pushes to two gateways so that both have decided before either has written: what they insert waits for a lock on
 * the table.
 */
async function atOnce(
  table: string,
  first: readonly Envelope[],
  other: readonly Envelope[],
  otherDevice: string = randomUUID(),
) {
  const [till, otherTill] = await Promise.all([
    gateway.as('admin', { deviceId: randomUUID() }),
    second.as('admin', { deviceId: otherDevice }),
  ])
  const { db } = gateway.app
  const pushes = await db.everyTenant.transaction(async (tx) => {
    // Reads go on beside it, inserts wait.
    await tx.run(`lock table ${table} in share mode`, [])
    const pushes = [till.push(first), otherTill.push(other)]
    await lockWaiters(gateway.databaseUrl, 2)
    return pushes
  })
  return (await Promise.all(pushes)).map((results) =>
    results.map(({ status, code, duplicate }) => code ?? `${status}${duplicate ? ' duplicate' : ''}`),
  )
}

it('a person who starts work in two branches at once has one running record; the neighbours are applied', async () => {
  const [attendanceId, other] = [randomUUID(), randomUUID()]
  const outcomes = await atOnce(
    'attendance',
    [openSession(undefined, { branchId: one }), startWork(attendanceId, { branchId: one })],
    [openSession(undefined, { branchId: two }), startWork(other, { branchId: two })],
  )
  expect(outcomes.toSorted()).toEqual([
    ['APPLIED', 'APPLIED'],
    ['APPLIED', 'ATTENDANCE_ALREADY_ACTIVE'],
  ])
  const running = await gateway.app.db.everyTenant.rows<{ id: string; branch: string }>(
    `select id, branch_id as branch from attendance where status = 'ACTIVE'`,
    [],
  )
  expect(running).toHaveLength(1)
  await admin.push([endWork(running[0]!.id, { branchId: running[0]!.branch })])
})

it('EC-OS-01B: a key that is used in two branches at once has one effect', async () => {
  const clientOpId = randomUUID()
  const outcomes = await atOnce(
    'sync_operation',
    [openSession(undefined, { branchId: one, clientOpId })],
    [openSession(undefined, { branchId: two, clientOpId })],
  )
  expect(outcomes.flat().toSorted()).toEqual(['APPLIED', 'CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD'])
  const sessions = await gateway.app.db.everyTenant.rows(
    'select 1 from cash_session where branch_id = any($1)',
    [[one, two]],
  )
  expect(sessions).toHaveLength(1)
})

it('EC-OS-01: a key that reaches two gateways at once is applied once', async () => {
  const [session, op] = [randomUUID(), openSession(undefined, { branchId: one })]
  await admin.push([openSession(session, { branchId: two })])
  const tills = await Promise.all(
    [gateway, second].map((each) => each.as('admin', { deviceId: randomUUID() })),
  )
  const sold = sale(session, {}, { branchId: two })
  const outcomes = await Promise.all([...tills, ...tills].map((till) => till.push([op, sold])))
  for (const i of [0, 1]) {
    const verdicts = outcomes.map((results) => results[i]!)
    expect(verdicts.map(({ status }) => status)).toEqual(Array(4).fill('APPLIED'))
    expect(verdicts.filter(({ duplicate }) => !duplicate)).toHaveLength(1)
    expect(new Set(verdicts.map(({ result }) => JSON.stringify(result))).size).toBe(1)
  }
})

it('a movement’s id that is used in two branches at once is one movement', async () => {
  const [here, there] = [randomUUID(), randomUUID()]
  await admin.push([openSession(here, { branchId: one }), openSession(there, { branchId: two })])
  const movementId = randomUUID()
  const paid = (cashSessionId: string, branchId: string) =>
    operation(
      'cashSession.movement',
      { movementId, cashSessionId, kind: 'PAID_IN', currency: 'USD', amount: 5, reason: 'x' },
      { branchId },
    )
  const outcomes = await atOnce('cash_movement', [paid(here, one)], [paid(there, two)])
  expect(outcomes.flat().toSorted()).toEqual(['APPLIED', 'PAYLOAD_INVALID'])
})

it('a session’s id that is used in two branches at once opens one session, and takes none away', async () => {
  const session = randomUUID()
  const outcomes = await atOnce(
    'cash_session',
    [openSession(session, { branchId: one })],
    [openSession(session, { branchId: two })],
  )
  expect(outcomes.flat().toSorted()).toEqual(['APPLIED', 'PAYLOAD_INVALID'])
})

it('a work record’s id that two people use at once is one person’s', async () => {
  const attendanceId = randomUUID()
  const accountId = `p-${randomUUID()}`
  const person = { accountId, staffCode: accountId, name: 'P', role: 'STAFF', pin: '1234', branchIds: [two] }
  await admin.direct('staffSave', person, { branchId: null })
  const deviceId = randomUUID()
  await second.as(accountId, { deviceId })
  const outcomes = await atOnce(
    'attendance',
    [startWork(attendanceId, { branchId: one })],
    [startWork(attendanceId, { branchId: two, actorId: accountId })],
    deviceId,
  )
  expect(outcomes.flat().toSorted()).toEqual(['APPLIED', 'PAYLOAD_INVALID'])
  const rows = await gateway.app.db.everyTenant.rows('select 1 from attendance where id = $1', [attendanceId])
  expect(rows).toHaveLength(1)
})

it('of the last two administrators who step down at once, one stays', async () => {
  const staffCode = `admin-${randomUUID().slice(0, 8)}`
  const accountId = `demo-${staffCode}`
  const hired = { accountId, staffCode, name: 'Other', role: 'ADMIN', branchIds: [], pin: '123456' }
  await admin.direct('staffSave', hired, { branchId: null })
  const other = await second.as(staffCode, { pin: '123456', deviceId: randomUUID() })
  const stepDown = (client: Client, whose: string) =>
    client.direct('staffSave', { accountId: whose, role: 'STAFF' }, { branchId: null })
  const outcomes = await Promise.all([stepDown(admin, 'demo-admin'), stepDown(other, accountId)])
  expect(outcomes.map(({ status, code }) => code ?? status).toSorted()).toEqual(['APPLIED', 'LAST_ADMIN'])
  const last = outcomes[0]!.code ? admin : other
  await last.direct('staffSave', { accountId: 'demo-admin', role: 'ADMIN' }, { branchId: null })
})
