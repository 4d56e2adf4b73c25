/** EC-OS-07, EC-OS-08: a cursor that no longer holds is refused with its reason; there is never a silent gap. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { registry } from '../../src/modules/index.ts'
import { moduleScopes } from '../../src/modules/words.ts'
import {
  type Cursor,
  decodeCursor,
  encodeCursor,
  moved,
  type Part,
  partOf,
  resetReason,
  type Wanted,
} from '../../src/sync/cursor.ts'
import { purge } from '../../src/sync/retention.ts'
import { rebuildStream } from '../../src/sync/stream.ts'
import { newBranch } from '../support/branch.ts'
import { openSession, startWork } from '../support/cafe.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { Replica } from '../support/replica.ts'
import { asNow } from '../support/streams.ts'

const anyCursor: fc.Arbitrary<Cursor> = fc.record({
  tenantId: fc.string({ unit: 'binary', minLength: 1 }),
  branchId: fc.string({ unit: 'binary', minLength: 1 }),
  epoch: fc.uuid(),
  parts: fc.array(
    fc.record({
      scopes: fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 6 }),
      view: fc.string({ unit: 'binary' }),
      seq: fc.maxSafeNat(),
      base: fc.maxSafeNat(),
    }),
    { maxLength: 20 },
  ),
})
const { scopes: known } = registry
const textOf = (parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')

describe('the cursor', () => {
  it('reads as it was written', () => {
    fc.assert(
      fc.property(anyCursor, (cursor) => {
        expect(decodeCursor(encodeCursor(cursor), known)).toEqual(cursor)
      }),
    )
  })

  it('is opaque text that goes anywhere', () => {
    fc.assert(
      fc.property(anyCursor, (cursor) => {
        expect(encodeCursor(cursor)).toMatch(/^[\w-]+$/)
      }),
    )
  })

  it('is null for whatever was not made here', () => {
    const json = fc.json().map((text) => Buffer.from(text).toString('base64url'))
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), json), (text) => {
        expect(decodeCursor(text, known)).toBeNull()
      }),
    )
    const [cursor] = fc.sample(anyCursor, { numRuns: 1, seed: 1 })
    const of = (parts: unknown[]) => decodeCursor(textOf(parts), known)
    const parts = [2, 't', 'b', cursor!.epoch, [[1, '', 5, 5]]]
    expect(of(parts)).not.toBeNull()
    expect(of([3, ...parts.slice(1)])).toBeNull()
    expect(of([4, ...parts.slice(1)])).toBeNull()
    expect(of(parts.slice(0, -1))).toBeNull()
    expect(of([...parts.slice(0, 4), [[1, '', -1, 5]]])).toBeNull()
    expect(of([...parts.slice(0, 4), [[1, '', 1.5, 5]]])).toBeNull()
    expect(of([...parts.slice(0, 4), Array(49).fill([1, '', 5, 5])])).toBeNull()
  })

  const shared = moduleScopes.filter((scope) => scope !== 'ATTENDANCE')

  it('names its scopes: it holds whatever other scopes there are, and in whichever order', () => {
    const parts = [{ scopes: ['SALE', 'LOYALTY'], view: '', seq: 60, base: 50 }]
    const cursor: Cursor = { tenantId: 't', branchId: 'b', epoch: 'e1', parts }
    const others = new Map([...known].reverse())
    expect(decodeCursor(encodeCursor(cursor), others)).toEqual(cursor)
    expect(decodeCursor(textOf([3, 't', 'b', 'e1', ['SALE'], [[[1], '', 60, 50]]]), known)).toBeNull()
  })

  it('of the second edition is taken: a bit for each scope', () => {
    const of = (...parts: unknown[]) => decodeCursor(textOf([2, 't', 'b', 'e1', parts]), known)
    const place = { view: '', seq: 60, base: 50 }
    expect(of([127, '', 60, 50], [128, 'all', 60, 50])?.parts).toEqual([
      { scopes: shared, ...place },
      { scopes: ['ATTENDANCE'], ...place, view: 'all' },
    ])
    const bits = ['BRANCH', 'POLICY', 'MENU', 'STAFF', 'CASH_SESSION', 'SALE', 'INVENTORY', 'ATTENDANCE']
    bits.forEach((scope, bit) => {
      expect(of([1 << bit, '', 60, 50])?.parts).toEqual([{ scopes: [scope], ...place }])
    })
  })

  it('of the first edition is taken: one position for all scopes, and a view for what depends on who asks', () => {
    const of = (...parts: unknown[]) => decodeCursor(textOf([1, 't', 'b', 'e1', ...parts]), known)
    expect(of(255, 'own sophea', 60, 50)?.parts).toEqual([
      { scopes: shared, view: '', seq: 60, base: 50 },
      { scopes: ['ATTENDANCE'], view: 'own sophea', seq: 60, base: 50 },
    ])
    const ofThree = { scopes: ['BRANCH', 'POLICY', 'MENU'], view: '', seq: 60, base: 50 }
    expect(of(7, 'own sophea', 60, 50)?.parts).toEqual([ofThree])
    expect(of(7, 'all', -1, 50)).toBeNull()
  })

  it('grows neither with pages nor with people: who is furthest behind begins anew one day', () => {
    const ofPerson = (view: string) => ({
      ...{ tenantId: 't', branchId: 'b' },
      scopes: [
        { scope: 'MENU', view: '' },
        { scope: 'ATTENDANCE', view },
      ] as const,
    })
    let cursor: Cursor | null = null
    for (let seq = 1; seq <= 100; seq += 1) {
      const place = { seq, base: 0 }
      cursor = moved(
        cursor,
        ofPerson(`own ${seq}`),
        'e1',
        new Map([
          ['MENU', place],
          ['ATTENDANCE', place],
        ]),
      )
    }
    expect(cursor!.parts).toHaveLength(34)
    expect(decodeCursor(encodeCursor(cursor!), known)).toEqual(cursor)
    expect(partOf(cursor, { scope: 'ATTENDANCE', view: 'own 99' })?.seq).toBe(99)
    expect(partOf(cursor, { scope: 'ATTENDANCE', view: 'own 60' })).toBeNull()
  })
})

describe('resetReason', () => {
  const wanted: Wanted = {
    ...{ tenantId: 't', branchId: 'b' },
    scopes: [
      { scope: 'MENU', view: '' },
      { scope: 'ATTENDANCE', view: 'all' },
    ],
  }
  const stream = { epoch: 'e1', headSeq: 100, horizonSeq: 40 }
  const parts = (change: Partial<Part> = {}, ofAttendance: Partial<Part> = change) => ({
    parts: [
      { scopes: ['MENU'], view: '', seq: 60, base: 50, ...change },
      { scopes: ['ATTENDANCE'], view: 'all', seq: 60, base: 50, ...ofAttendance },
    ],
  })
  const cursor: Cursor = { tenantId: 't', branchId: 'b', epoch: 'e1', ...parts() }
  const also = { parts: [...cursor.parts, { scopes: ['SALE'], view: '', seq: 60, base: 0 }] }

  it.each<[string, Partial<Cursor> | null, string | null, string | null]>([
    ['holds', {}, null, null],
    ['at the head', parts({ seq: 100 }), null, null],
    ['just at the horizon', parts({ seq: 40, base: 0 }), null, null],
    ['behind the horizon, but its bootstrap began after it', parts({ seq: 10, base: 40 }), null, null],
    ['not a cursor', null, 'CURSOR_MALFORMED', 'CURSOR_MALFORMED'],
    ['another tenant', { tenantId: 'other' }, 'STREAM_MISMATCH', 'STREAM_MISMATCH'],
    ['another branch', { branchId: 'other' }, 'STREAM_MISMATCH', 'STREAM_MISMATCH'],
    ['an earlier stream', { epoch: 'e0' }, 'STREAM_RESET', 'STREAM_RESET'],
    ['a scope is missing', { parts: cursor.parts.slice(1) }, 'SCOPE_MISMATCH', null],
    ['a scope more', also, 'SCOPE_MISMATCH', null],
    ['another view of what depends on who asks', parts({}, { view: 'own sophea' }), 'SCOPE_MISMATCH', null],
    ['ahead', parts({ seq: 101 }), 'CURSOR_AHEAD', 'CURSOR_AHEAD'],
    ['its bootstrap ahead', parts({ seq: 5, base: 101 }), 'CURSOR_AHEAD', 'CURSOR_AHEAD'],
    ['behind the horizon', parts({ seq: 39, base: 0 }), 'CURSOR_EXPIRED', null],
    ['one scope behind the horizon', parts({}, { seq: 39, base: 0 }), 'CURSOR_EXPIRED', null],
  ])('%s', (_, change, reason, whereScopesAreAdded) => {
    const changed = change && { ...cursor, ...change }
    expect(resetReason(changed, wanted, stream)).toBe(reason)
    expect(resetReason(changed, wanted, stream, { addsScopes: true })).toBe(whereScopesAreAdded)
  })
})

describe('pulling with a cursor that does not hold', () => {
  let gateway: Gateway
  let admin: Client
  let manager: Client
  let cashier: Client
  let branchId: string

  beforeAll(async () => {
    gateway = await startGateway()
    admin = await gateway.as('admin', { deviceId: 'office' })
    manager = await gateway.as('manager', { deviceId: 'office' })
    cashier = await gateway.as('cashier-1')
  })
  afterAll(() => gateway?.close())
  beforeEach(async () => {
    branchId = await newBranch(admin, 'demo-cashier-1', 'demo-manager')
  })

  const cursorOf = async (client: Client, input: object = {}) =>
    (await client.pullAll({ branchId, ...input })).cursor
  const pulled = async (client: Client, input: object) => {
    const answer = await client.pull({ branchId, ...input })
    return 'reason' in answer ? answer.reason : answer.changes.length
  }
  /** A fresh bootstrap, which a reset asks for, works and is whole. */
  const rebuilt = async (client: Client) =>
    new Replica().apply((await client.pullAll({ branchId })).changes).sorted()

  it('CURSOR_MALFORMED: text that this gateway did not make', async () => {
    const cursor = await cursorOf(cashier)
    for (const wrong of ['', 'junk', cursor.slice(0, -8), `${cursor}x`, `x${cursor}`])
      expect(await pulled(cashier, { cursor: wrong }), wrong).toBe('CURSOR_MALFORMED')
    expect(await pulled(cashier, { cursor })).toBe(0)
  })

  it('STREAM_MISMATCH: another branch, another tenant', async () => {
    const other = await newBranch(admin, 'demo-cashier-1')
    expect(await pulled(cashier, { cursor: await cursorOf(cashier, { branchId: other }) })).toBe(
      'STREAM_MISMATCH',
    )
    const rival = await gateway.as('admin', { tenantId: 'rival' })
    const theirs = await cursorOf(rival, { branchId: 'rival-1' })
    expect(await pulled(admin, { cursor: theirs })).toBe('STREAM_MISMATCH')
    expect(await pulled(rival, { branchId: 'rival-1', cursor: await cursorOf(admin) })).toBe(
      'STREAM_MISMATCH',
    )
  })

  it('EC-OS-08: SCOPE_MISMATCH where the module scopes changed; their order and repeats are nothing', async () => {
    const cursor = await cursorOf(cashier, { moduleScopes: ['MENU', 'SALE'] })
    expect(await pulled(cashier, { cursor, moduleScopes: ['SALE', 'MENU', 'MENU'] })).toBe(0)
    for (const scopes of [['MENU'], ['SALE'], ['MENU', 'SALE', 'POLICY'], [...moduleScopes]])
      expect(await pulled(cashier, { cursor, moduleScopes: scopes })).toBe('SCOPE_MISMATCH')
  })

  it('SCOPE_MISMATCH: what the caller may see changed with their role, in both directions', async () => {
    const accountId = `p-${randomUUID()}`
    const setRole = (role: string, given = {}) =>
      admin.direct('staffSave', { accountId, role, ...given }, { branchId: null })
    await setRole('CASHIER', { staffCode: accountId, name: 'P', pin: '1234', branchIds: [branchId] })
    const client = await gateway.as(accountId)
    await cashier.push([startWork(undefined, { branchId })])
    const asCashier = await cursorOf(client)
    await setRole('MANAGER')
    expect(await pulled(client, { cursor: asCashier })).toBe('SCOPE_MISMATCH')
    // The others' attendance, which a cashier was not given, is in the rebuilt data.
    expect((await rebuilt(client)).some(([name]) => name.startsWith('attendance '))).toBe(true)
    const asManager = await cursorOf(client)
    await setRole('CASHIER')
    expect(await pulled(client, { cursor: asManager })).toBe('SCOPE_MISMATCH')
  })

  it('SCOPE_MISMATCH: another person on the same device, with another view', async () => {
    expect(await pulled(manager, { cursor: await cursorOf(cashier) })).toBe('SCOPE_MISMATCH')
    expect(await pulled(admin, { cursor: await cursorOf(manager) })).toBe(0)
    // An account is not taken for everybody, whatever it is called.
    const all = {
      accountId: 'all',
      staffCode: 'all',
      name: 'All',
      role: 'STAFF',
      pin: '1234',
      branchIds: [branchId],
    }
    await admin.direct('staffSave', all, { branchId: null })
    const moduleScopes = ['ATTENDANCE']
    const ofAll = await cursorOf(await gateway.as('all'), { moduleScopes })
    expect(await pulled(manager, { cursor: ofAll, moduleScopes })).toBe('SCOPE_MISMATCH')
  })

  it('CURSOR_AHEAD: the server was restored from an earlier time', async () => {
    const before = await cashier.pullAll({ branchId })
    await cashier.push([openSession(undefined, { branchId })])
    const cursor = await cursorOf(cashier)
    await gateway.app.db.everyTenant.run('update sync_stream set head_seq = $2 where branch_id = $1', [
      branchId,
      before.headSeq,
    ])
    expect(await pulled(cashier, { cursor })).toBe('CURSOR_AHEAD')
    expect(await pulled(cashier, { cursor: before.cursor })).toBeGreaterThanOrEqual(0)
  })

  it('STREAM_RESET: the stream was rebuilt; the rebuilt data is the same', async () => {
    await cashier.push([openSession(undefined, { branchId })])
    const removed = `gone-${randomUUID()}`
    const item = { menuItemId: removed, name: 'Gone', categoryId: 'retail', priceUsd: 1 }
    await admin.direct('menuItemSave', item, { branchId: null })
    await admin.direct('menuItemRemove', { menuItemId: removed }, { branchId: null })
    const before = await cashier.pullAll({ branchId })
    const data = await rebuilt(cashier)
    await gateway.app.db
      .tenant('demo')
      .transaction((tx) => rebuildStream(tx, registry, 'demo', branchId, asNow()))

    expect(await pulled(cashier, { cursor: before.cursor })).toBe('STREAM_RESET')
    expect(await rebuilt(cashier)).toEqual(data)
    const after = await cashier.pullAll({ branchId })
    expect(Math.min(...after.changes.map(({ seq }) => seq)), 'no number is used twice').toBeGreaterThan(
      before.headSeq,
    )

    // And it goes on as before.
    await admin.direct('policyUpdate', { vatRatePercent: 5 }, { branchId })
    expect(await pulled(cashier, { cursor: after.cursor })).toBe(1)
  })

  it('a stream of a branch that is not there cannot be rebuilt', async () => {
    await expect(
      gateway.app.db
        .tenant('demo')
        .transaction((tx) => rebuildStream(tx, registry, 'demo', 'nowhere', asNow())),
    ).rejects.toThrow(/no stream/)
  })

  it('CURSOR_EXPIRED: what it has not seen is no longer kept', async () => {
    const cursor = await cursorOf(cashier)
    const menuItemId = `old-${randomUUID()}`
    await admin.direct(
      'menuItemSave',
      { menuItemId, name: 'Old', categoryId: 'retail', priceUsd: 1 },
      { branchId: null },
    )
    await admin.direct('menuItemRemove', { menuItemId }, { branchId: null })
    const inFront = await cursorOf(cashier)
    const soon = new Date(Date.now() + 60 * 86_400_000)
    expect(await purge(gateway.app.db, { tombstoneDays: 30, feedDays: 30 }, soon)).toBeGreaterThan(0)
    expect(await pulled(cashier, { cursor })).toBe('CURSOR_EXPIRED')
    expect(await pulled(cashier, { cursor: inFront })).toBe(0)
  })

  it('a reset says why in a sentence, and leaves queue and record alone', async () => {
    const op = openSession(undefined, { branchId })
    const [applied] = await cashier.push([op])
    const answer = await cashier.pull({ branchId, cursor: 'junk' })
    expect(answer).toEqual({ reason: 'CURSOR_MALFORMED', message: expect.stringMatching(/^[A-Z].*\.$/) })
    expect(await cashier.push([op])).toEqual([{ ...applied, duplicate: true }])
  })
})
