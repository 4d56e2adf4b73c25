/** What an editor completes: types come from the modules that a client is made with. `tsc` is what checks this file. */
import { describe, expectTypeOf, it } from 'vitest'
import type {
  ClientOptions,
  Entity,
  EntityKind,
  FailedOperation,
  KnownCode,
  ModuleScope,
  OfflinePayloads,
  OfflineType,
  OnlineType,
  Person,
  ResultOf,
  SyncClient,
  Verdict,
} from '../../client/sdk/index.ts'
import { cafeTill, createSyncClient } from '../../client/sdk/index.ts'
import { loyaltyTill } from '../../examples/loyalty/till.ts'

const modules = [...cafeTill, loyaltyTill] as const
type Mine = typeof modules
declare const client: SyncClient
declare const mine: SyncClient<Mine>
/** Never run. */
const typed = (_: () => unknown) => {}

describe('of the café, where no modules are named', () => {
  it('operations, with payload and result of each', () => {
    expectTypeOf<OfflineType>().toEqualTypeOf<
      | 'attendance.endWork'
      | 'attendance.startWork'
      | 'cashSession.close'
      | 'cashSession.movement'
      | 'cashSession.open'
      | 'inventory.waste'
      | 'operation.giveUp'
      | 'sale.finalize'
    >()
    expectTypeOf<'menuItem.save' | 'sale.void' | OfflineType>().toMatchTypeOf<OnlineType>()
    expectTypeOf<OfflinePayloads['cashSession.open']['openingFloat']>().toEqualTypeOf<{
      usd: number
      khr: number
    }>()
    expectTypeOf<ResultOf<'cashSession.open'>>().toEqualTypeOf<{ cashSessionId: string }>()
    typed(async () => {
      // @ts-expect-error: a float is of two currencies
      await client.perform('cashSession.open', { cashSessionId: '', openingFloat: { usd: 1 } })
      // @ts-expect-error: no queue carries it
      await client.perform('sale.void', { saleId: '', reason: '' })
      // @ts-expect-error: nobody knows it
      client.blocked('loyalty.stamp')
      const verdict = await client.online('cashSession.open', {
        cashSessionId: '',
        openingFloat: { usd: 0, khr: 0 },
      })
      expectTypeOf(verdict).toEqualTypeOf<Verdict<'cashSession.open'>>()
      if (verdict.status === 'APPLIED') expectTypeOf(verdict.result.cashSessionId).toEqualTypeOf<string>()
    })
  })

  it('entities, what failed, codes, scopes and roles', () => {
    expectTypeOf<Entity<'sale'>['receiptNumber']>().toEqualTypeOf<number | null>()
    expectTypeOf<Entity<'cashSession'>['openedAt']>().toEqualTypeOf<string>()
    expectTypeOf<
      'DEVICE_SHUT_OUT' | 'CASH_SESSION_NOT_OPEN' | 'STAFF_CODE_TAKEN'
    >().toMatchTypeOf<KnownCode>()
    expectTypeOf<'LOYALTY_CARD_NOT_FULL'>().not.toMatchTypeOf<KnownCode>()
    expectTypeOf<Person['role']>().toEqualTypeOf<'STAFF' | 'CASHIER' | 'MANAGER' | 'ADMIN'>()
    expectTypeOf<Extract<FailedOperation, { type: 'sale.finalize' }>['payload']>().toEqualTypeOf<
      OfflinePayloads['sale.finalize']
    >()
    typed(() => {
      for (const waiting of client.waiting())
        if (waiting.type === 'cashSession.movement')
          expectTypeOf(waiting.payload.kind).toEqualTypeOf<'PAID_IN' | 'PAID_OUT' | 'ADJUSTMENT'>()
      // @ts-expect-error: there is no such field
      client.query('sale', { where: { colour: 'red' } })
      // @ts-expect-error: there is no such kind
      client.watch('loyaltyCard', undefined, () => {})
    })
  })
})

describe('of modules that are named', () => {
  it('theirs beside those of the café', () => {
    expectTypeOf<'loyalty.stamp' | 'sale.finalize'>().toMatchTypeOf<OfflineType<Mine>>()
    expectTypeOf<'loyalty.redeem'>().toMatchTypeOf<OnlineType<Mine>>()
    expectTypeOf<'loyaltyCard' | 'sale'>().toMatchTypeOf<EntityKind<Mine>>()
    expectTypeOf<'LOYALTY' | 'MENU'>().toMatchTypeOf<ModuleScope<Mine>>()
    expectTypeOf<'LOYALTY_SALE_STAMPED'>().toMatchTypeOf<KnownCode<Mine>>()
    expectTypeOf<ResultOf<'loyalty.stamp', Mine>>().toEqualTypeOf<{ stampId: string; stamps?: number }>()
    expectTypeOf<Entity<'loyaltyCard', Mine>['stamps']>().toEqualTypeOf<number>()
    typed(() => {
      // @ts-expect-error: a stamp is of a guest
      void mine.perform('loyalty.stamp', { stampId: '', saleId: '' })
    })
  })

  it('a client has those that it was made with', () => {
    const make = (options: Omit<ClientOptions<Mine>, 'modules'>) => createSyncClient({ ...options, modules })
    expectTypeOf(make).returns.resolves.toEqualTypeOf<SyncClient<Mine>>()
  })
})
