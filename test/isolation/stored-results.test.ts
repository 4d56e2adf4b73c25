/**
 * What became of an operation is for who may see its branch. Somebody who knows its key, even its hash, learns nothing
 * by sending it from another branch, whatever they put into it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession } from '../support/cafe.ts'
import { type Client, type Envelope, type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let owner: Client
let other: Client

beforeAll(async () => {
  gateway = await startGateway()
  owner = await gateway.as('cashier-1')
  other = await gateway.as('cashier-2', { deviceId: 'till-2' })
})
afterAll(() => gateway?.close())

const noAccess = 'NO_BRANCH_ACCESS'
const reuse = 'CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD'

const unkeepable = { note: 'no text: \u0000' }

/** Operations of riverside, with what became of them. */
const stored: [string, () => Envelope, string | null][] = [
  ['applied', () => openSession(), null],
  ['refused by the business', () => openSession(), 'CASH_SESSION_ALREADY_OPEN'],
  ['refused for its payload', () => ({ ...openSession(), payload: unkeepable }), 'PAYLOAD_INVALID'],
  [
    'refused for its hash',
    () => ({ ...openSession(), payloadHash: 'f'.repeat(64) }),
    'PAYLOAD_HASH_MISMATCH',
  ],
]

/** How somebody of market, who has no access to riverside, may send it. */
const ways: [string, (op: Envelope) => Envelope][] = [
  ['as it is', (op) => op],
  [
    'as an operation of market',
    (op) => ({ ...openSession(undefined, { branchId: 'market' }), clientOpId: op.clientOpId }),
  ],
  ['as it is, but for the branch', (op) => ({ ...op, branchId: 'market' })],
  ['as it is, without a branch', (op) => ({ ...op, branchId: null })],
  ['with its hash on another payload', (op) => ({ ...op, branchId: 'market', payload: { note: 'x' } })],
  ['with its hash on what has none', (op) => ({ ...op, branchId: 'market', payload: unkeepable })],
  [
    'with its hash on too much',
    (op) => ({ ...op, branchId: 'market', payload: { note: 'x'.repeat(70_000) } }),
  ],
  ['with its hash, of a type that is none', (op) => ({ ...op, branchId: 'market', type: 'what.is' })],
  ['with its hash, to be tried again', (op) => ({ ...op, branchId: 'market', retry: true })],
]

describe.each(stored)('the result of an operation that was %s', (_, make, code) => {
  it.each(ways)('is not shown to who sends it %s', async (_, changed) => {
    const op = make()
    const [result] = await owner.push([op])
    // The first one opens the session that all that follow run into.
    if (code === null && result!.code === 'CASH_SESSION_ALREADY_OPEN') {
      const { cashSessionId } = result!.details as { cashSessionId: string }
      await owner.direct('cashSessionClose', { cashSessionId, counted: { usd: 0, khr: 0 } })
      await owner.push([{ ...op, retry: true }])
    }
    const [kept] = await owner.push([op])
    expect(kept).toMatchObject({ code, duplicate: true })

    const [shown] = await other.push([changed(op)])
    const unkept = { status: 'REJECTED', duplicate: false, result: null }
    expect(shown).toMatchObject({ ...unkept, code: changed(op).branchId === 'riverside' ? noAccess : reuse })
    expect(await owner.push([op])).toEqual([kept])
  })
})
