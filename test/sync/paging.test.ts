/** Pages of any size are the same stream; a bootstrap and its increments are what a fresh bootstrap is. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { registry } from '../../src/modules/index.ts'
import { rebuildStream } from '../../src/sync/stream.ts'
import { newBranch } from '../support/branch.ts'
import { closeSession, endWork, movement, openSession, sale, startWork } from '../support/cafe.ts'
import { type Client, type Gateway, type Page, startGateway } from '../support/gateway.ts'
import { Replica } from '../support/replica.ts'
import { asNow } from '../support/streams.ts'

let gateway: Gateway
let admin: Client
let cashier: Client

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin', { deviceId: 'office' })
  cashier = await gateway.as('cashier-1')
})
afterAll(() => gateway?.close())

/** A device that pulls a page at a time, and rebuilds where it must. */
class Device {
  replica = new Replica()
  readonly #client: Client
  readonly #input: { branchId: string; limit: number }
  #cursor: string | undefined
  #seq = 0

  constructor(client: Client, branchId: string, limit: number) {
    this.#client = client
    this.#input = { branchId, limit }
  }

  /** Pulls one page; whether there is more. */
  async pull(): Promise<boolean> {
    const answer = await this.#client.pull({ ...this.#input, cursor: this.#cursor })
    if ('reason' in answer) {
      expect(answer.reason).toBe('STREAM_RESET')
      this.replica = new Replica()
      this.#cursor = undefined
      return true
    }
    this.#check(answer)
    this.replica.apply(answer.changes)
    this.#cursor = answer.nextCursor
    return answer.hasMore
  }

  async pullToHead(): Promise<void> {
    while (await this.pull());
  }

  #check({ changes, hasMore }: Page) {
    const seqs = changes.map(({ seq }) => seq)
    expect(seqs, 'seq rises, and never goes back').toEqual([...new Set(seqs)].sort((a, b) => a - b))
    if (seqs.length > 0) expect(seqs[0]).toBeGreaterThan(this.#seq)
    this.#seq = seqs.at(-1) ?? this.#seq
    expect(changes.length).toBeLessThanOrEqual(this.#input.limit)
    if (hasMore) expect(changes).toHaveLength(this.#input.limit)
  }
}

it('pages of any size give the same stream', async () => {
  const branchId = await newBranch(admin, 'demo-cashier-1')
  const session = randomUUID()
  await cashier.push([
    openSession(session, { branchId }),
    ...Array.from({ length: 30 }, () => sale(session, {}, { branchId })),
  ])
  const whole = await cashier.pull({ branchId, limit: 2000 })
  if ('reason' in whole) throw new Error(whole.reason)
  expect(whole).toMatchObject({ hasMore: false, headSeq: whole.changes.at(-1)!.seq })
  for (const limit of [
    1,
    2,
    3,
    7,
    10,
    whole.changes.length - 1,
    whole.changes.length,
    whole.changes.length + 1,
  ]) {
    const { changes, cursor } = await cashier.pullAll({ branchId, limit })
    expect(changes, `pages of ${limit}`).toEqual(whole.changes)
    expect(await cashier.pull({ branchId, cursor })).toMatchObject({ changes: [], hasMore: false })
  }
})

/** What happens in a café: a step by its name and two small numbers. */
const kinds = [
  'price',
  'remove',
  'hide',
  'group',
  'person',
  'policy',
  'stock',
  'open',
  'sell',
  'pay',
  'close',
  'work',
  'pull',
  'pull',
  'pull',
  'head',
  'new device',
  'rebuild',
] as const
const step = fc.record({ kind: fc.constantFrom(...kinds), a: fc.nat(2), b: fc.nat(4) })

it('a bootstrap and its increments are a fresh bootstrap, whatever happens between the pages', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }), async (steps) => {
      const branchId = await newBranch(admin, 'demo-cashier-1')
      const here = { branchId }
      const online = (field: string, input: object) => admin.direct(field, input, { branchId: null })
      const devices = [1, 5, 50].map((limit) => new Device(admin, branchId, limit))
      let session: string = randomUUID()
      let attendanceId: string = randomUUID()

      const perform: Record<(typeof kinds)[number], (a: number, b: number) => unknown> = {
        price: (a, b) =>
          online('menuItemSave', {
            menuItemId: `thing-${a}`,
            name: 'Thing',
            categoryId: 'retail',
            priceUsd: b,
          }),
        remove: (a) => online('menuItemRemove', { menuItemId: `thing-${a}` }),
        hide: (a, b) =>
          online('menuItemSave', {
            menuItemId: `thing-${a}`,
            visibleIn: b > 2 ? null : b > 1 ? [branchId] : [],
          }),
        group: (a, b) =>
          online('modifierGroupSave', { modifierGroupId: ['egg', 'milk', 'size'][a]!, name: `G${b}` }),
        person: (a, b) =>
          online('staffSave', {
            accountId: `temp-${a}`,
            staffCode: `temp-${a}`,
            name: `T${b}`,
            role: 'STAFF',
            status: b > 2 ? 'REVOKED' : 'ACTIVE',
          }),
        policy: (_, b) => admin.direct('policyUpdate', { vatRatePercent: b }, here),
        stock: (a, b) =>
          admin.direct(
            'inventoryRestock',
            { stockItemId: `s-${a}`, quantity: b + 1, name: 'S', unit: 'g' },
            here,
          ),
        open: () => {
          session = randomUUID()
          return cashier.push([openSession(session, here)])
        },
        sell: (a) => cashier.push(Array.from({ length: a + 1 }, () => sale(session, {}, here))),
        pay: (_, b) => cashier.push([movement(session, { amount: b + 1 }, here)]),
        close: () => cashier.push([closeSession(session, undefined, here)]),
        work: async () => {
          await cashier.push([endWork(attendanceId, here)])
          attendanceId = randomUUID()
          await cashier.push([startWork(attendanceId, here)])
        },
        pull: (a) => devices[a]!.pull(),
        head: (a) => devices[a]!.pullToHead(),
        'new device': (a, b) => {
          devices[a] = new Device(admin, branchId, b + 1)
        },
        rebuild: (_, b) =>
          b === 0 &&
          gateway.app.db
            .tenant('demo')
            .transaction((tx) => rebuildStream(tx, registry, 'demo', branchId, asNow())),
      }
      for (const { kind, a, b } of steps) await perform[kind](a, b)
      await cashier.push([endWork(attendanceId, here)])

      const fresh = new Replica().apply((await admin.pullAll({ branchId })).changes).sorted()
      for (const device of devices) {
        await device.pullToHead()
        expect(device.replica.sorted()).toEqual(fresh)
      }
    }),
    { numRuns: 12 },
  )
})
