/** A defect of ours in one operation costs that operation only, whatever it is; a person can try it again once it is mended. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { registry } from '../../src/modules/index.ts'
import { stockMoves } from '../../src/modules/inventory/tables.ts'
import { menuCategories, menuItems } from '../../src/modules/menu/tables.ts'
import {
  accept,
  createRegistry,
  defineModule,
  defineOperation,
  type Operation,
} from '../../src/sync/module.ts'
import { type PushEngine, push } from '../../src/sync/push.ts'
import { newBranch } from '../support/branch.ts'
import { openSession, sale } from '../support/cafe.ts'
import { type Client, type Envelope, type Gateway, operation, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let admin: Client
let branchId: string
let broken: boolean

/** Operations with defects, in the decider, in what they read and in what they write; mended when `broken` is false. */
const defects = [
  'decide',
  'reads',
  'later reads',
  'a row that the table refuses',
  'a row that was there',
  'a look at what it did not read',
  'a row that all branches see',
] as const
type Defect = (typeof defects)[number]

const faulty = defineModule({
  name: 'faulty',
  tables: [],
  operations: [
    defineOperation<{ defect: Defect }, 'sale.finalize'>({
      type: 'test.faulty',
      description: 'Fails as its payload says.',
      payload: z.object({ defect: z.enum(defects) }),
      offline: true,
      scope: 'branch',
      permission: 'sale.finalize',
      reads: [
        ({ payload }) => {
          if (broken && payload.defect === 'reads') throw new Error('defect in reads')
          return []
        },
        ({ payload }) => {
          if (broken && payload.defect === 'later reads') throw new Error('defect in later reads')
          return []
        },
      ],
      decide(state, op) {
        const { defect } = op.payload
        if (broken && defect === 'decide') throw new TypeError('defect in decide')
        if (broken && defect === 'a look at what it did not read') state.get(menuItems, 'never asked for')
        const common = { id: op.clientOpId, name: 'Common', position: 0, removed: false }
        const ofAll = broken && defect === 'a row that all branches see' ? [menuCategories.row(common)] : []
        return accept({ writes: [...ofAll, ...entries(op)], result: { defect } })
      },
    }),
  ],
})

function entries({ branchId, clientOpId, happenedAt, payload }: Operation<{ defect: Defect }>) {
  const entry = (kind: string | null, stockItemId: string) =>
    stockMoves.row({
      branchId,
      clientOpId,
      stockItemId,
      kind: kind as string,
      quantity: 1,
      saleId: null,
      reason: null,
      occurredAt: happenedAt,
      items: null,
    })
  if (broken && payload.defect === 'a row that the table refuses') return [entry(null, 'a')]
  if (broken && payload.defect === 'a row that was there') return [entry('TEST', 'a'), entry('TEST', 'a')]
  return [entry('TEST', 'a')]
}

const withFaulty = createRegistry({
  modules: [...registry.modules, faulty],
  gate: registry.gate,
  keyedHash: registry.keyedHash,
  audit: registry.audit,
  branchTable: registry.branchTable,
})

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin')
})
afterAll(() => gateway?.close())
beforeEach(async () => {
  broken = true
  branchId = await newBranch(admin)
})

/** Pushes as a till of the administrator's would; the errors that were told of, besides. */
async function pushAll(operations: readonly Envelope[], engine: Partial<PushEngine> = {}) {
  const incidents: string[] = []
  const verdicts = await push(
    {
      ...gateway.app.services.engine,
      registry: withFaulty,
      onFault(error) {
        incidents.push((error as Error).message)
        return `incident-${incidents.length}`
      },
      ...engine,
    },
    {
      tenantId: 'demo',
      deviceId: 'till-1',
      accountId: 'demo-admin',
      lane: 'REPLAY',
      operations: operations.map((op) => ({ ...op, occurredAt: new Date(op.occurredAt) })),
    },
  )
  return { codes: verdicts.map(({ status, code }) => code ?? status), verdicts, incidents }
}
const fault = (defect: Defect) => operation('test.faulty', { defect }, { branchId })

describe('a defect in one operation', () => {
  it.each(defects)('in %s: OPERATION_FAILED for it, its neighbours are applied', async (defect) => {
    const session = randomUUID()
    const culprit = fault(defect)
    const batch = [
      openSession(session, { branchId }),
      sale(session, {}, { branchId }),
      culprit,
      sale(session, {}, { branchId, dependsOn: [culprit.clientOpId] }),
      sale(session, {}, { branchId }),
    ]
    const { codes, verdicts, incidents } = await pushAll(batch)
    expect(codes).toEqual(['APPLIED', 'APPLIED', 'OPERATION_FAILED', 'DEPENDENCY_FAILED', 'APPLIED'])
    expect(verdicts[4]!.result).toMatchObject({ receiptNumber: 2 })
    expect(incidents).toHaveLength(1)
    // Its number, and nothing of what went wrong.
    expect(verdicts[2]).toMatchObject({
      details: { incident: 'incident-1' },
      message: expect.stringMatching(/incident-1/),
    })
    expect(JSON.stringify(verdicts)).not.toContain(incidents[0])

    const again = await pushAll(batch)
    expect(again.verdicts).toEqual(verdicts.map((verdict) => ({ ...verdict, duplicate: true })))

    broken = false
    expect((await pushAll([{ ...culprit, retry: true }])).codes).toEqual(['APPLIED'])
  })

  it('several among many, in chunks or not', async () => {
    const session = randomUUID()
    const good = () => sale(session, {}, { branchId })
    const batch = [
      openSession(session, { branchId }),
      good(),
      fault('decide'),
      good(),
      fault('a row that was there'),
      fault('reads'),
      good(),
    ]
    const { codes, incidents } = await pushAll(batch, { chunkSize: 3 })
    expect(codes).toEqual([
      'APPLIED',
      'APPLIED',
      'OPERATION_FAILED',
      'APPLIED',
      'OPERATION_FAILED',
      'OPERATION_FAILED',
      'APPLIED',
    ])
    expect(incidents).toHaveLength(3)
    const [{ receipts } = { receipts: 0 }] = await gateway.app.db.everyTenant.rows<{ receipts: number }>(
      'select last_number as receipts from receipt_counter where branch_id = $1',
      [branchId],
    )
    expect(receipts).toBe(3)
  })

  it('leaves nothing behind: no row, no audit, no change', async () => {
    const culprit = fault('a row that was there')
    const before = await admin.pullAll({ branchId })
    await pushAll([culprit])
    const after = await admin.pullAll({ branchId, cursor: before.cursor })
    expect(after).toMatchObject({ changes: [], headSeq: before.headSeq })
    const [{ left } = { left: -1 }] = await gateway.app.db.everyTenant.rows<{ left: number }>(
      `select ((select count(*) from audit_event where client_op_id = $1) +
         (select count(*) from stock_entry where client_op_id = $1))::int as left`,
      [culprit.clientOpId],
    )
    expect(left).toBe(0)
  })

  it('a listener that fails after the commit takes no verdict back', async () => {
    const op = openSession(undefined, { branchId })
    const { codes } = await pushAll([op], {
      onCommit() {
        throw new Error('the nudge bus is on fire')
      },
    })
    expect(codes).toEqual(['APPLIED'])
    expect((await pushAll([op])).verdicts).toMatchObject([{ status: 'APPLIED', duplicate: true }])
  })
})

describe('createRegistry', () => {
  it('knows each type once, each kind of entity once', () => {
    const again = { ...withFaulty, modules: [...withFaulty.modules, faulty] }
    expect(() => createRegistry(again)).toThrow(/test\.faulty is defined twice/)
    const { tables } = registry.modules[0]!
    const withTables = (again: typeof tables) => ({
      ...registry,
      modules: [...registry.modules, { name: 'again', tables: again, operations: [] }],
    })
    expect(() => createRegistry(withTables(tables))).toThrow(/the table \w+ is defined twice/)
    const twoKinds = withTables(tables.map((table) => ({ ...table, name: `${table.name}_again` })))
    expect(() => createRegistry(twoKinds)).toThrow(/two tables feed/)
  })
})
