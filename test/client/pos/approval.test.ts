import { describe, expect, it } from 'vitest'
import { approversOf } from '../../../client/pos/lib/approval.ts'
import { placesFor } from '../../../client/pos/lib/places.ts'
import { latestWork } from '../../../client/pos/lib/work.ts'
import type { Person } from '../../../client/sdk/index.ts'

const person = (accountId: string, role: Person['role'], branchIds = ['riverside']): Person => ({
  ...{ accountId, role, branchIds, tenantId: 'demo', staffCode: accountId, name: accountId },
  ...{ lastSignedInAt: '2026-03-01T08:00:00.000Z', hasToken: false },
})

it('whoever works here and may can approve; not oneself, and nobody of another business', () => {
  const people = [
    person('me', 'MANAGER'),
    person('manager', 'MANAGER'),
    person('admin', 'ADMIN'),
    person('colleague', 'CASHIER'),
    person('away', 'MANAGER', ['market']),
    { ...person('rival', 'ADMIN'), tenantId: 'rival' },
  ]
  const context = { tenantId: 'demo', branchId: 'riverside', actorId: 'me' }
  const codes = approversOf(people, context, 'sale.void').map(({ accountId }) => accountId)
  expect(codes).toEqual(['manager', 'admin'])
})

describe('tabs are where somebody has something to do', () => {
  it.each([
    ['STAFF', ['work']],
    ['CASHIER', ['sell', 'cash', 'sales', 'stock']],
    ['ADMIN', ['sell', 'cash', 'sales', 'stock']],
    [null, ['sell', 'cash', 'sales', 'stock']],
  ] as const)('%s', (role, places) => expect(placesFor(role)).toEqual(places))
})

it('the last work first, and not all that ever was', () => {
  const work = Array.from({ length: 20 }, (_, i) => ({
    ...{ id: `${i}`, pending: false, actorId: 'me', status: 'COMPLETED' as const, endedAt: null },
    startedAt: `2026-03-${String(i + 1).padStart(2, '0')}T08:00:00.000Z`,
  }))
  const shown = latestWork(work as never)
  expect([shown.length, shown[0]!.id]).toEqual([14, '19'])
})
