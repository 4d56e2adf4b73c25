/** Signing in: five wrong PINs in a row lock a staff code for a minute. */
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Chained } from '../support/chained.ts'
import { type Client, type Gateway, operation, startGateway } from '../support/gateway.ts'
import { dismiss, hire } from '../support/people.ts'

const second = 1000
let now = Date.parse('2026-03-01T08:00:00Z')
let gateway: Gateway
let admin: Client

beforeAll(async () => {
  gateway = await startGateway({ clock: () => new Date(now) })
  admin = await gateway.as('admin')
})
afterAll(() => gateway?.close())

// Whatever was locked by the test before is open again, and forgotten.
beforeEach(() => {
  now += 25 * 3600 * second
})

const signIn = 'mutation ($input: SignInInput!) { signIn(input: $input) { token actorId expiresAt } }'

/** SIGNED IN, or the code of the refusal. */
async function tried(staffCode: string, pin: string, tenantId = 'demo'): Promise<string> {
  const input = { tenantId, staffCode, pin, deviceId: 'till-1' }
  const { errors } = await gateway.withToken(null).send(signIn, { input })
  return errors ? errors[0]!.extensions.code : 'SIGNED IN'
}

async function wrongPins(staffCode: string, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) expect(await tried(staffCode, `000${i}`)).toBe('UNAUTHENTICATED')
}

it('gives a token that says who it is, and until when', async () => {
  const input = { tenantId: 'demo', staffCode: 'cashier-1', pin: '1234', deviceId: 'till-1' }
  const { signIn: given } = await gateway
    .withToken(null)
    .data<{ signIn: { token: string; actorId: string; expiresAt: string } }>(signIn, { input })
  expect(given.actorId).toBe('demo-cashier-1')
  const { sub, exp } = JSON.parse(Buffer.from(given.token.split('.')[1]!, 'base64url').toString())
  expect(sub).toBe('demo-cashier-1')
  expect(new Date(given.expiresAt)).toEqual(new Date(exp * 1000))
})

describe('five wrong PINs in a row', () => {
  it('lock the staff code, for the right PIN too, for a minute', async () => {
    await wrongPins('cashier-1', 5)
    expect(await tried('cashier-1', '1234')).toBe('TOO_MANY_ATTEMPTS')
    now += 59 * second
    expect(await tried('cashier-1', '1234')).toBe('TOO_MANY_ATTEMPTS')
    // A try while it is locked does not make it longer.
    now += second
    expect(await tried('cashier-1', '1234')).toBe('SIGNED IN')
  })

  it('lock nobody else, and not the same code of another tenant', async () => {
    await wrongPins('admin', 5)
    expect(await tried('admin', '1234')).toBe('TOO_MANY_ATTEMPTS')
    expect(await tried('manager', '1234')).toBe('SIGNED IN')
    expect(await tried('admin', '1234', 'rival')).toBe('SIGNED IN')
  })

  it('say how long to wait', async () => {
    await wrongPins('cashier-1', 5)
    const input = { tenantId: 'demo', staffCode: 'cashier-1', pin: '1234', deviceId: 'till-1' }
    const { errors } = await gateway.withToken(null).send(signIn, { input })
    expect(errors![0]!.extensions).toEqual({ code: 'TOO_MANY_ATTEMPTS', retryAfterMs: 60 * second })
  })

  it('are counted when they come all at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, (_, i) => tried('cashier-2', `00${i}`)))
    expect(all).not.toContain('SIGNED IN')
    expect(await tried('cashier-2', '1234')).toBe('TOO_MANY_ATTEMPTS')
  })

  it('do not end the work of who is signed in already', async () => {
    const cashier = await gateway.as('cashier-1')
    await wrongPins('cashier-1', 5)
    expect(await cashier.send('{ me(tenantId: "demo") { role } }')).not.toHaveProperty('errors')
  })

  it('are five again after a minute', async () => {
    await wrongPins('cashier-1', 5)
    now += 60 * second
    await wrongPins('cashier-1', 4)
    expect(await tried('cashier-1', '1234')).toBe('SIGNED IN')
  })
})

it('four wrong PINs, the right one, and four wrong ones again are not five in a row', async () => {
  for (let i = 0; i < 2; i += 1) {
    await wrongPins('cashier-1', 4)
    expect(await tried('cashier-1', '1234')).toBe('SIGNED IN')
  }
})

describe('who does not exist', () => {
  it.each([
    ['a staff code', { staffCode: 'nobody' }],
    ['a tenant', { tenantId: 'nowhere' }],
    ['a staff code with a NUL', { staffCode: 'cashier-1\u0000' }],
    ['half of a surrogate pair', { staffCode: '\ud800' }],
    ['a PIN of 10,000 digits', { pin: '1'.repeat(10_000) }],
    ['no PIN', { pin: '' }],
  ])('is answered like a wrong PIN: %s', async (_, change) => {
    await tried('cashier-1', '1234')
    const input = { tenantId: 'demo', staffCode: 'cashier-1', pin: '0000', deviceId: 'till-1' }
    const wrong = await gateway.withToken(null).send(signIn, { input })
    const nobody = await gateway.withToken(null).send(signIn, { input: { ...input, ...change } })
    expect(nobody).toEqual(wrong)
    expect(nobody.errors![0]!.extensions.code).toBe('UNAUTHENTICATED')
  })
})

describe('a person', () => {
  it('who was dismissed cannot sign in', async () => {
    await hire(gateway, admin, 'leaver', { role: 'STAFF', branchIds: [] })
    expect(await tried('leaver', '1234')).toBe('SIGNED IN')
    await dismiss(admin, 'demo-leaver')
    expect(await tried('leaver', '1234')).toBe('UNAUTHENTICATED')
  })

  it('with a new PIN signs in with that alone, locked or not', async () => {
    await hire(gateway, admin, 'forgetful', { role: 'STAFF', branchIds: [] })
    await wrongPins('forgetful', 5)
    await admin.direct('staffSave', { accountId: 'demo-forgetful', pin: '9876' }, { branchId: null })
    expect(await tried('forgetful', '1234')).toBe('UNAUTHENTICATED')
    expect(await tried('forgetful', '9876')).toBe('SIGNED IN')
  })
})

it('a PIN is kept nowhere but as a hash, not even in a refused operation', async () => {
  const refused = await admin.direct(
    'staffSave',
    { accountId: 'demo-new', staffCode: 'manager', name: 'New', role: 'STAFF', pin: '55555555' },
    { branchId: null },
  )
  expect(refused.code).toBe('STAFF_CODE_TAKEN')
  const { rejectedOperations } = await admin.data<{
    rejectedOperations: { edges: { node: { payload: object } }[] }
  }>('{ rejectedOperations(tenantId: "demo", first: 1) { edges { node { payload } } } }')
  expect(rejectedOperations.edges[0]!.node.payload).toMatchObject({
    ...{ accountId: 'demo-new', name: 'New', pin: '[redacted]' },
  })
  const { auditEvents } = await admin.data<object & { auditEvents: object }>(
    '{ auditEvents(tenantId: "demo") { edges { node { name data } } } }',
  )
  expect(JSON.stringify([rejectedOperations, auditEvents])).not.toContain('55555555')
})

describe('whoever reads the whole database finds no PIN,', () => {
  const pin = '73519042'
  const person = { accountId: 'demo-secret', staffCode: 'secret', name: 'S', role: 'STAFF', pin }

  /** Every table, as text. */
  async function dump(): Promise<string> {
    const { db } = gateway.app
    const tables = await db.everyTenant.rows<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
      [],
    )
    const texts = await Promise.all(
      tables.map(({ name }) =>
        db.everyTenant.rows<{ row: string }>(`select t::text as row from ${name} t`, []),
      ),
    )
    return texts
      .flat()
      .map(({ row }) => row)
      .join('\n')
  }
  /** Every SHA-256 that the database could hold of this operation, if it held one. */
  const hashOf = (type: string, payload: unknown, branchId: string | null = null) =>
    operation(type, payload, { branchId }).payloadHash

  it('neither in clear nor by a hash that it could be tried against', async () => {
    await admin.direct('staffSave', person, { branchId: null })
    const shapes: [string, unknown, string | null][] = [
      ['staff.save', [pin], null],
      ['staff.save', [person], null],
      ['staff.save', { person }, null],
      ['staff.save', { ...person, pin: { pin } }, null],
      ['staff.save', { ...person, pinn: pin, name: 7 }, null],
      ['staff.save', pin, null],
      ['staff.Save', person, null],
      ['staff.Save', [{ deep: [{ PIN: pin }] }], 'riverside'],
      ['cashSession.open', { pin }, 'riverside'],
      ['menuItem.save', { pin: [pin] }, null],
      ['no.such', { Pin: { a: pin } }, null],
    ]
    const queue = shapes.map(([type, payload, branchId]) => operation(type, payload, { branchId }))
    const damaged = operation('staff.save', person, { branchId: null, payloadHash: 'f'.repeat(64) })
    // Each says its place in the device's chain, and the hash that it was queued with.
    const links: string[] = []
    const chained = queue.map((each) => {
      const chain = new Chained('till-1', 'demo-admin')
      const [linked] = chain.links([each])
      links.push(chain.head.link)
      return { ...linked!, chain: { ...linked!.chain!, madeAs: each.payloadHash } }
    })
    const results = await admin.push([...chained, damaged])
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['REJECTED']))
    expect(JSON.stringify(results)).not.toContain(pin)
    const text = await dump()
    expect(text).not.toContain(pin)
    expect(text).toContain('[redacted]')
    const hashes = shapes.map(([type, payload, branchId]) => hashOf(type, payload, branchId))
    for (const hash of [...hashes, hashOf('staff.save', person)]) expect(text).not.toContain(hash)
    expect(links.length).toBe(shapes.length)
    for (const link of links) expect(text).not.toContain(link)
    expect(text).not.toContain(createHash('sha256').update(pin).digest('hex'))
    // The hash of what was damaged on its way would be as good.
    expect(JSON.stringify(results.at(-1))).not.toContain(hashOf('staff.save', person))
  })

  it('nor in what a device gives up that it never sent', async () => {
    const payload = {
      ...{ movementId: randomUUID(), cashSessionId: randomUUID(), kind: 'PAID_IN', currency: 'USD' },
      ...{ amount: 1, reason: 'x', pin },
    }
    const type = 'cashSession.movement'
    const had = {
      ...{
        clientOpId: randomUUID(),
        type,
        actorId: 'demo-admin',
        occurredAt: new Date().toISOString(),
        payload,
      },
      ...{ payloadHash: hashOf(type, payload, 'riverside'), deviceSeq: 7, prev: 'e'.repeat(64) },
    }
    const content = { clientOpIds: [had.clientOpId], reason: 'lost', operations: [had] }
    const chain = new Chained('till-1', 'demo-admin')
    const given = chain.links([operation('operation.giveUp', content)])
    expect(await admin.push(given)).toMatchObject([{ status: 'APPLIED' }])
    const text = await dump()
    expect(text).toContain(had.clientOpId)
    for (const told of [pin, had.payloadHash, chain.head.link]) expect(text).not.toContain(told)
  })

  it('and yet the same is known when it comes again, and something else under its key too', async () => {
    const key = randomUUID()
    const change = { accountId: 'demo-cashier-1', pin: '1234' }
    const first = await admin.direct('staffSave', change, { branchId: null, key })
    expect(first).toMatchObject({ status: 'APPLIED', duplicate: false })
    expect(await admin.direct('staffSave', change, { branchId: null, key })).toMatchObject({
      ...{ status: 'APPLIED', duplicate: true },
    })
    expect(
      await admin.direct('staffSave', { ...change, pin: '4321' }, { branchId: null, key }),
    ).toMatchObject({ code: 'CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD' })
    expect(await tried('cashier-1', '1234')).toBe('SIGNED IN')
  })
})
