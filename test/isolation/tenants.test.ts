/**
 * Two tenants who happen to use the same names and ids for everything: each sees and changes its own alone.
 */
import { randomUUID } from 'node:crypto'
import type { GraphQLSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { movement, openSession, salePayload, startWork } from '../support/cafe.ts'
import { type Client, type Envelope, operation } from '../support/gateway.ts'
import { gatherPeople, hire, type People } from '../support/people.ts'
import { documentOf, onDevice, refusalOf, schemaOf } from './ask.ts'
import { type Arguments, fields, labelOf } from './fields.ts'

let people: People
let schema: GraphQLSchema
let demo: Client
let rival: Client

/** What a croissant costs here and there. */
const price = { demo: 180, rival: 333 }

beforeAll(async () => {
  people = await gatherPeople()
  const { gateway } = people
  schema = await schemaOf(people.nobody)
  demo = await gateway.as('admin', { deviceId: 'till' })
  rival = await gateway.as('admin', { tenantId: 'rival', deviceId: 'till' })
  await rival.direct('branchSave', { name: 'Another riverside' })
  const croissant = {
    menuItemId: 'croissant',
    name: 'Croissant',
    categoryId: 'coffee',
    priceUsd: price.rival,
  }
  await rival.direct('menuItemSave', croissant, { branchId: null })
})
afterAll(() => people?.gateway.close())

const ends = () => operation('attendance.endWork', { attendanceId: randomUUID() })

describe('the same keys and ids', () => {
  const opening = openSession()
  const { cashSessionId } = opening.payload as { cashSessionId: string }
  const [saleId, clientOpId] = [randomUUID(), randomUUID()]
  const working = startWork()
  const dayAt = (priceUsd: number): Envelope[] => {
    const lines = [{ menuItemId: 'croissant', priceUsd }]
    return [
      opening,
      operation('sale.finalize', salePayload(cashSessionId, { saleId, lines }), { clientOpId }),
      working,
    ]
  }

  it('are two operations, each applied once in its own tenant', async () => {
    for (const [client, priceUsd] of [
      [demo, price.demo],
      [rival, price.rival],
    ] as const) {
      const day = dayAt(priceUsd)
      const first = await client.push(day)
      expect(first).toMatchObject(day.map(() => ({ status: 'APPLIED', duplicate: false })))
      expect(first[1]!.result).toMatchObject({ saleId, receiptNumber: 1, totals: { subtotalUsd: priceUsd } })
      expect(await client.push(day)).toEqual(first.map((result) => ({ ...result, duplicate: true })))
    }
  })

  it('a key that one tenant has used is free in the other, whatever it is used for there', async () => {
    const op = ends()
    expect(await demo.push([op])).toMatchObject([{ code: 'ATTENDANCE_NOT_ACTIVE', duplicate: false }])
    const other = operation('cashSession.open', {}, { clientOpId: op.clientOpId })
    expect(await rival.push([other])).toMatchObject([{ code: 'PAYLOAD_INVALID', duplicate: false }])
  })

  it('an operation of the other tenant is none to depend on', async () => {
    const applied = movement(cashSessionId)
    expect(await demo.push([applied])).toMatchObject([{ status: 'APPLIED' }])
    const later = { ...ends(), dependsOn: [applied.clientOpId] }
    expect(await rival.push([later])).toMatchObject([{ code: 'DEPENDENCY_MISSING' }])
    expect(await demo.push([later])).toMatchObject([{ code: 'ATTENDANCE_NOT_ACTIVE' }])
  })

  it('an id that only the other tenant has is nothing', async () => {
    const { cashSessionId: session } = openSession().payload as { cashSessionId: string }
    await demo.direct('cashSessionForceClose', { cashSessionId, reason: 'a new one' })
    await demo.push([openSession(session)])
    const sale = salePayload(session)
    await demo.direct('saleFinalize', sale)
    const query = `query ($tenantId: ID!, $saleId: UUID!, $session: UUID!) {
      sale(tenantId: $tenantId, branchId: "riverside", saleId: $saleId) { id }
      cashSession(tenantId: $tenantId, branchId: "riverside", cashSessionId: $session) { id }
    }`
    const ids = { saleId: sale.saleId, session }
    expect(await demo.data(query, { ...ids, tenantId: 'demo' })).toEqual({
      sale: { id: sale.saleId },
      cashSession: { id: session },
    })
    expect(await rival.data(query, { ...ids, tenantId: 'rival' })).toEqual({ sale: null, cashSession: null })
    expect(await rival.push([operation('sale.finalize', sale)])).toMatchObject([
      { code: 'CASH_SESSION_NOT_OPEN' },
    ])
    const reason = 'not ours'
    expect(await rival.direct('saleVoid', { saleId: sale.saleId, reason })).toMatchObject({
      code: 'SALE_UNKNOWN',
    })
  })
})

describe('with the arguments of the other tenant', () => {
  const inRival = (args: Arguments): Arguments => ({
    ...args,
    ...('tenantId' in args ? { tenantId: 'rival' } : {}),
    ...('input' in args ? { input: { ...(args.input as object), tenantId: 'rival' } } : {}),
  })

  const reads = fields.filter(({ name, may }) => name.startsWith('Query.') && may !== 'anyone')
  it.each(reads.map((field) => ({ field, label: labelOf(field) })))(
    '$label shows nothing of it',
    async ({ field }) => {
      const args = onDevice(inRival(await field.args(people, people.by.ADMIN)), rival)
      const { data, errors } = await rival.send(documentOf(schema, field, args), args)
      expect(errors).toBeUndefined()
      expect(JSON.stringify(data)).not.toMatch(/demo|Chanthou/i)
    },
  )
})

describe('a cursor', () => {
  it('of the other tenant’s stream is of no use: STREAM_MISMATCH', async () => {
    const { cursor } = await demo.pullAll()
    expect(await demo.pull({ cursor })).toHaveProperty('nextCursor')
    expect(await rival.pull({ cursor })).toMatchObject({ reason: 'STREAM_MISMATCH' })
  })

  it('of the other tenant’s list does not tell whether there is such a row', async () => {
    const query = `query ($tenantId: ID!, $after: String) {
      menu(tenantId: $tenantId) { items(after: $after) { edges { cursor node { id } } } }
    }`
    type Menu = { menu: { items: { edges: { cursor: string; node: { id: string } }[] } } }
    const { menu } = await demo.data<Menu>(query, { tenantId: 'demo' })
    const after = menu.items.edges[0]!.cursor
    expect(menu.items.edges.length).toBeGreaterThan(1)
    const there = await demo.data<Menu>(query, { tenantId: 'demo', after })
    expect(there.menu.items.edges).toEqual(menu.items.edges.slice(1))
    const notThere = Buffer.from(after, 'base64').toString().replace('americano', 'zzz')
    for (const cursor of [after, Buffer.from(notThere).toString('base64')]) {
      const { errors } = await rival.send(query, { tenantId: 'rival', after: cursor })
      expect(refusalOf(errors![0]!)).toBe('BAD_USER_INPUT')
    }
  })
})

describe('what is done in one tenant', () => {
  it('does not freeze a branch of the same name in the other', async () => {
    await rival.direct('branchFreeze', null)
    const [theirs] = await rival.push([ends()])
    const [ours] = await demo.push([ends()])
    await rival.direct('branchUnfreeze', null)
    expect(theirs).toMatchObject({ code: 'BRANCH_FROZEN' })
    expect(ours).toMatchObject({ code: 'ATTENDANCE_NOT_ACTIVE' })
  })

  it('an account id that both use is two people: the token of one is worth nothing in the other', async () => {
    const person = { role: 'STAFF', branchIds: ['rival-1'], accountId: 'demo-admin' } as const
    const guest = await hire(people.gateway, rival, 'guest', { ...person, branchIds: [...person.branchIds] })
    const price = { vatEnabled: false }
    expect(await guest.direct('policyUpdate', price, { branchId: 'rival-1' })).toMatchObject({
      code: 'ACTION_NOT_PERMITTED',
    })
    expect(await guest.direct('policyUpdate', price)).toMatchObject({ code: 'NO_BRANCH_ACCESS' })
    expect(await demo.direct('policyUpdate', { vatEnabled: true })).toMatchObject({ status: 'APPLIED' })
    for (const [token, tenantId] of [
      [demo.token, 'rival'],
      [guest.token, 'demo'],
    ] as const) {
      const { errors } = await people.gateway
        .withToken(token)
        .send('query ($tenantId: ID!) { me(tenantId: $tenantId) { role } }', { tenantId })
      expect(refusalOf(errors![0]!)).toBe('FORBIDDEN NO_MEMBERSHIP')
    }
  })

  it('a person who signed in on a device in one tenant has not signed in on it in the other', async () => {
    await hire(people.gateway, demo, 'colleague', { role: 'STAFF', branchIds: ['riverside'] })
    await people.gateway.as('colleague', { deviceId: 'till' })
    const person = { role: 'STAFF', branchIds: ['riverside'], accountId: 'demo-colleague' } as const
    await hire(people.gateway, rival, 'colleague', { ...person, branchIds: [...person.branchIds] })
    const op = { ...ends(), actorId: 'demo-colleague' }
    expect(await demo.push([op])).toMatchObject([{ code: 'ATTENDANCE_NOT_ACTIVE' }])
    expect(await rival.push([op])).toMatchObject([{ code: 'ACTOR_NOT_ALLOWED' }])
  })
})
