/**
 * Every root field of the schema: who may use it, what it is about, and arguments that work. The tests beside this
 * file read it as a table, and fail for a field that is not in it.
 */
import { randomUUID } from 'node:crypto'
import type { Role } from '../../src/modules/access/roles.ts'
import { openSession, sale, salePayload, startWork } from '../support/cafe.ts'
import { Chained } from '../support/chained.ts'
import type { Client } from '../support/gateway.ts'
import type { People } from '../support/people.ts'

export type Arguments = Record<string, unknown>

export type Field = {
  /** `Query.menu` */
  name: string
  /** Two rows of one field are told apart by this. */
  variant?: string
  /** The roles that may; `anyone` needs no token at all. */
  may: readonly Role[] | 'anyone'
  /** What access it takes beside the role. */
  about: 'nothing' | 'tenant' | 'branch'
  /** Whether a denial by branch or role is an error of the request, or a verdict on an operation. */
  denial: 'FORBIDDEN' | 'REJECTED'
  /** What the one who may gets. */
  gets: 'SHOWN' | 'APPLIED'
  selection: string
  /** Arguments with which it works for `right`, about riverside; brings the café into the state that it takes. */
  args: (people: People, right: Client) => Arguments | Promise<Arguments>
  /** Its type as an operation, where it can be queued as well. */
  queued?: string
  /** Takes back what would be in the way of the other fields. */
  undo?: (people: People) => Promise<unknown>
}

export const labelOf = ({ name, variant }: Field) => (variant ? `${name} (${variant})` : name)

const everybody = ['STAFF', 'CASHIER', 'MANAGER', 'ADMIN'] as const
const cashiers = ['CASHIER', 'MANAGER', 'ADMIN'] as const
const managers = ['MANAGER', 'ADMIN'] as const
const admins = ['ADMIN'] as const

const tenantId = 'demo'
const branch = { tenantId, branchId: 'riverside' }
const nodes = (fields: string) => `{ edges { node { ${fields} } } }`

const read = (
  name: string,
  may: Field['may'],
  about: Field['about'],
  selection: string,
  args: Field['args'] = () => (about === 'branch' ? branch : { tenantId }),
): Field => ({ name: `Query.${name}`, may, about, selection, args, denial: 'FORBIDDEN', gets: 'SHOWN' })

/** A mutation of the direct lane. `input` gives its input, or nothing where it takes none. */
const operation = (
  name: string,
  may: Field['may'],
  about: 'tenant' | 'branch',
  input?: (people: People, right: Client) => object | Promise<object>,
  more: Partial<Field> = {},
): Field => ({
  name: `Mutation.${name}`,
  may,
  about,
  denial: 'REJECTED',
  gets: 'APPLIED',
  selection: '{ status code duplicate result }',
  async args(people, right) {
    return {
      ...(about === 'branch' ? branch : { tenantId }),
      idempotencyKey: randomUUID(),
      ...(input ? { input: await input(people, right) } : {}),
    }
  },
  ...more,
})

/** Closes whatever session is open in riverside, so that one can be opened. */
async function closeAny({ by: { ADMIN } }: People): Promise<void> {
  const { cashSession } = await ADMIN.data<{ cashSession: { id: string } | null }>(
    '{ cashSession(tenantId: "demo", branchId: "riverside") { id } }',
  )
  if (cashSession)
    await ADMIN.direct('cashSessionForceClose', { cashSessionId: cashSession.id, reason: 'a new one' })
}

/** The id of a session that is open. */
export async function anOpenSession(people: People): Promise<string> {
  await closeAny(people)
  const cashSessionId = randomUUID()
  await people.by.ADMIN.push([openSession(cashSessionId)])
  return cashSessionId
}

async function aSale(people: People): Promise<string> {
  const { saleId, ...rest } = salePayload(await anOpenSession(people))
  await people.by.ADMIN.direct('saleFinalize', { saleId, ...rest })
  return saleId
}

/** A session that was closed. */
async function aClosing(people: People): Promise<string> {
  const cashSessionId = await anOpenSession(people)
  const counted = { usd: 5000, khr: 200_000 }
  await people.by.ADMIN.direct('cashSessionClose', { cashSessionId, counted })
  return cashSessionId
}

/** A sale that came after its session was closed. */
async function aRefusal(people: People): Promise<{ cashSessionId: string; clientOpId: string }> {
  const cashSessionId = await aClosing(people)
  const late = sale(cashSessionId)
  await people.by.ADMIN.push([late])
  return { cashSessionId, clientOpId: late.clientOpId }
}

/** Ends the work that this person has running, if any. */
async function endWork(right: Client): Promise<void> {
  const [started] = await right.push([startWork()])
  const { attendanceId } = started!.result ?? (started!.details as { attendanceId: string })
  await right.direct('attendanceEndWork', { attendanceId })
}

const newCategory = async ({ by: { ADMIN } }: People) => {
  const categoryId = randomUUID()
  await ADMIN.direct('menuCategorySave', { categoryId, name: 'New' }, { branchId: null })
  return { categoryId }
}
const newGroup = () => ({
  modifierGroupId: randomUUID(),
  name: 'Extras',
  options: [{ id: randomUUID(), name: 'Extra shot', priceUsd: 50 }],
})
const newItem = () => ({ menuItemId: randomUUID(), name: 'New', categoryId: 'coffee', priceUsd: 300 })

export const fields: readonly Field[] = [
  read('operationTypes', 'anyone', 'nothing', '{ type }', () => ({})),
  read('tenant', everybody, 'tenant', '{ name branches { edges { node { branchId } } } }'),
  read('me', everybody, 'tenant', '{ accountId role }'),
  read('branch', everybody, 'branch', '{ name status }'),
  read('menu', everybody, 'tenant', `{ items${nodes('id')} categories${nodes('id')} }`),
  read('policy', everybody, 'branch', '{ revision }'),
  read('staff', managers, 'tenant', nodes('accountId')),
  read('cashSession', cashiers, 'branch', `{ id movements${nodes('id')} }`, async (people) => ({
    ...branch,
    cashSessionId: await anOpenSession(people),
  })),
  read('cashSessions', cashiers, 'branch', nodes('id'), async (people) => {
    await anOpenSession(people)
    return branch
  }),
  read('sale', cashiers, 'branch', '{ id totals { totalUsd } }', async (people) => ({
    ...branch,
    saleId: await aSale(people),
  })),
  read('sales', cashiers, 'branch', nodes('id'), async (people) => {
    await aSale(people)
    return branch
  }),
  read('takings', cashiers, 'branch', '{ sales }', () => ({ ...branch, since: '2026-03-01T00:00:00Z' })),
  read('salesReport', managers, 'branch', '{ sales items { name } }', async (people) => {
    await aSale(people)
    return { ...branch, from: '2026-03-01', to: '2026-03-02' }
  }),
  read('stock', cashiers, 'branch', nodes('id onHand')),
  read('attendance', everybody, 'branch', nodes('id actorId'), async (_, right) => {
    await right.push([startWork()])
    return branch
  }),
  {
    ...read('auditEvents', admins, 'branch', nodes('name'), async (people) => {
      await anOpenSession(people)
      return branch
    }),
    variant: 'of a branch',
  },
  { ...read('auditEvents', admins, 'tenant', '{ since edges { node { name } } }'), variant: 'of the tenant' },
  {
    ...read('rejectedOperations', managers, 'branch', nodes('clientOpId'), async ({ by: { ADMIN } }) => {
      await ADMIN.direct('saleVoid', { saleId: randomUUID(), reason: 'no such sale' })
      return branch
    }),
    variant: 'of a branch',
  },
  {
    ...read('rejectedOperations', managers, 'tenant', nodes('clientOpId'), async ({ elsewhere, by }) => {
      for (const [client, branchId] of [
        [by.ADMIN, 'riverside'],
        [elsewhere, 'market'],
      ] as const)
        await client.direct('saleVoid', { saleId: randomUUID(), reason: 'no such sale' }, { branchId })
      return { tenantId }
    }),
    variant: "of the caller's branches",
  },
  read('deviceNames', managers, 'tenant', nodes('deviceId name'), async ({ by: { ADMIN } }) => {
    await ADMIN.direct('deviceRename', { deviceId: 'till-1', name: 'Counter' }, { branchId: null })
    return { tenantId }
  }),
  read('deviceRequests', managers, 'tenant', '{ deviceId }', async ({ by: { ADMIN } }) => {
    const enrolment = (deviceEnrolment: string) =>
      ADMIN.direct('tenantSave', { deviceEnrolment }, { branchId: null })
    await enrolment('APPROVED')
    const input = { tenantId, staffCode: 'manager', pin: '1234', deviceId: randomUUID() }
    await ADMIN.send('mutation ($input: SignInInput!) { signIn(input: $input) { token } }', { input })
    await enrolment('OPEN')
    return { tenantId }
  }),
  read(
    'devices',
    managers,
    'tenant',
    nodes('deviceId gaps { from to } chains { state }'),
    async ({ by: { ADMIN } }) => {
      await ADMIN.push([startWork()])
      return { tenantId }
    },
  ),
  read('closings', cashiers, 'branch', nodes('number late { count }'), async (people) => {
    await aClosing(people)
    return branch
  }),
  read('closingOutside', cashiers, 'branch', '', async (people) => ({
    ...branch,
    cashSessionId: await anOpenSession(people),
  })),
  read('proofExport', managers, 'branch', '{ lines }', async (people) => {
    const { ADMIN } = people.by
    // Not what hundreds of others have left: that is proven elsewhere, and each export of it takes a second.
    const from = new Date().toISOString()
    const late = sale(await aClosing(people))
    await ADMIN.push(new Chained(ADMIN.deviceId, 'demo-admin').links([late]))
    return { ...branch, from, to: '2100-01-01T00:00:00Z' }
  }),
  read('refusals', managers, 'branch', nodes('clientOpId'), async (people) => {
    await aRefusal(people)
    return branch
  }),
  read('syncPull', everybody, 'branch', '{ ... on SyncPullPage { changes { entityId } } }', (_, right) => ({
    input: {
      ...branch,
      deviceId: right.deviceId,
      moduleScopes: ['BRANCH', 'POLICY', 'MENU', 'STAFF', 'ATTENDANCE'],
    },
  })),

  {
    name: 'Mutation.signIn',
    may: 'anyone',
    about: 'nothing',
    denial: 'FORBIDDEN',
    gets: 'SHOWN',
    selection: '{ token }',
    args: () => ({ input: { tenantId, staffCode: 'manager', pin: '1234', deviceId: 'till-1' } }),
  },
  {
    name: 'Mutation.actorKey',
    may: everybody,
    about: 'tenant',
    denial: 'FORBIDDEN',
    gets: 'SHOWN',
    selection: '',
    args: (_, right) => ({ tenantId, deviceId: right.deviceId }),
  },
  {
    name: 'Mutation.enrolDevice',
    may: everybody,
    about: 'tenant',
    denial: 'FORBIDDEN',
    gets: 'SHOWN',
    selection: '',
    async args({ by: { ADMIN } }, right) {
      const enrolmentCode = 'QRST6789'
      await ADMIN.direct('deviceInvite', { enrolmentCode }, { branchId: null })
      return { tenantId, deviceId: right.deviceId, enrolmentCode }
    },
  },
  {
    name: 'Mutation.deviceReport',
    may: everybody,
    about: 'tenant',
    denial: 'FORBIDDEN',
    gets: 'SHOWN',
    selection: '{ serverTime }',
    args: (_, right) => ({
      input: {
        ...branch,
        deviceId: right.deviceId,
        at: '2026-03-01T08:30:00Z',
        waiting: 3,
        failed: 1,
        oldestWaitingAt: '2026-03-01T08:00:00Z',
        storage: 'PERSISTENT',
        usageBytes: 1_000_000,
        quotaBytes: 2_000_000_000,
        appVersion: '1.0.0',
      },
    }),
  },
  {
    name: 'Mutation.syncPushBatch',
    may: everybody,
    about: 'branch',
    denial: 'REJECTED',
    gets: 'APPLIED',
    selection: '{ results { status code duplicate } }',
    async args({ gateway }, right) {
      await endWork(right)
      const [stream] = await gateway.app.db.everyTenant.rows<{ branchId: string; epoch: string }>(
        `select branch_id as "branchId", epoch from sync_stream where tenant_id = $1 and branch_id = 'riverside'`,
        [tenantId],
      )
      return { input: { tenantId, deviceId: right.deviceId, stream, operations: [startWork()] } }
    },
  },

  operation(
    'attendanceStartWork',
    everybody,
    'branch',
    async (_, right) => {
      await endWork(right)
      return { attendanceId: randomUUID() }
    },
    { queued: 'attendance.startWork' },
  ),
  operation(
    'attendanceEndWork',
    everybody,
    'branch',
    async (_, right) => {
      await endWork(right)
      const attendanceId = randomUUID()
      await right.push([startWork(attendanceId)])
      return { attendanceId }
    },
    { queued: 'attendance.endWork' },
  ),
  operation(
    'cashSessionOpen',
    cashiers,
    'branch',
    async (people) => {
      await closeAny(people)
      return { cashSessionId: randomUUID(), openingFloat: { usd: 1000, khr: 0 } }
    },
    { queued: 'cashSession.open' },
  ),
  ...(['PAID_IN', 'PAID_OUT', 'ADJUSTMENT'] as const).map((kind) =>
    operation(
      'cashSessionRecordMovement',
      kind === 'ADJUSTMENT' ? managers : cashiers,
      'branch',
      async (people) => ({
        movementId: randomUUID(),
        cashSessionId: await anOpenSession(people),
        kind,
        currency: 'USD',
        amount: 100,
        reason: 'change',
      }),
      { variant: kind, queued: 'cashSession.movement' },
    ),
  ),
  operation(
    'cashSessionClose',
    cashiers,
    'branch',
    async (people) => ({
      cashSessionId: await anOpenSession(people),
      counted: { usd: 0, khr: 0 },
    }),
    { queued: 'cashSession.close' },
  ),
  operation('cashSessionForceClose', managers, 'branch', async (people) => ({
    cashSessionId: await anOpenSession(people),
    reason: 'the till is broken',
  })),
  operation('saleFinalize', cashiers, 'branch', async (people) => salePayload(await anOpenSession(people)), {
    queued: 'sale.finalize',
  }),
  operation('cashSessionSupplement', managers, 'branch', async (people) => {
    const { cashSessionId, clientOpId } = await aRefusal(people)
    return { cashSessionId, clientOpIds: [clientOpId], reason: 'came too late' }
  }),
  operation('cashSessionBookRefused', managers, 'branch', async (people) => {
    const { clientOpId } = await aRefusal(people)
    return { cashSessionId: await anOpenSession(people), clientOpIds: [clientOpId] }
  }),
  operation(
    'operationGiveUp',
    managers,
    'branch',
    async (people) => ({ clientOpIds: [(await aRefusal(people)).clientOpId], reason: 'rung up twice' }),
    { queued: 'operation.giveUp' },
  ),
  operation('saleVoid', managers, 'branch', async (people) => ({
    saleId: await aSale(people),
    reason: 'the guest left',
  })),
  operation('inventoryRestock', managers, 'branch', () => ({
    stockItemId: 'beans',
    name: 'Beans',
    unit: 'g',
    quantity: 1,
  })),
  operation('inventoryAdjust', managers, 'branch', async ({ by: { ADMIN } }) => {
    const item = { stockItemId: 'beans', name: 'Beans', unit: 'g', quantity: 1 }
    await ADMIN.direct('inventoryRestock', item)
    return { stockItemId: 'beans', quantity: -1, reason: 'spilt' }
  }),
  operation('inventorySetThreshold', managers, 'branch', async ({ by: { ADMIN } }) => {
    const item = { stockItemId: 'beans', name: 'Beans', unit: 'g', quantity: 1 }
    await ADMIN.direct('inventoryRestock', item)
    return { stockItemId: 'beans', lowAt: 5 }
  }),
  operation(
    'inventoryWaste',
    cashiers,
    'branch',
    async ({ by: { ADMIN } }) => {
      const item = { stockItemId: 'beans', name: 'Beans', unit: 'g', quantity: 1 }
      await ADMIN.direct('inventoryRestock', item)
      return { stockItemId: 'beans', quantity: 1, reason: 'spilt' }
    },
    { queued: 'inventory.waste' },
  ),
  operation('policyUpdate', admins, 'branch', () => ({ vatEnabled: true })),
  operation('branchFreeze', admins, 'branch', undefined, {
    undo: ({ by: { ADMIN } }) => ADMIN.direct('branchUnfreeze', null),
  }),
  operation('branchUnfreeze', admins, 'branch'),
  operation('tenantSave', admins, 'tenant', () => ({ name: 'Demo café' })),
  operation('branchSave', admins, 'branch', () => ({ name: 'Riverside' })),
  operation('staffSave', admins, 'tenant', () => ({ accountId: 'demo-manager', name: 'Dara Manager' })),
  operation('deviceShutOut', managers, 'tenant', () => ({ deviceId: 'lost', reason: 'stolen' })),
  operation('deviceLetIn', managers, 'tenant', () => ({ deviceId: 'lost' })),
  operation('deviceApprove', managers, 'tenant', () => ({ deviceId: 'lost', name: 'Till 2' })),
  operation('deviceInvite', managers, 'tenant', () => ({ enrolmentCode: 'ABCD2345' })),
  operation('deviceRename', managers, 'tenant', () => ({ deviceId: 'lost', name: 'Till 2, counter' })),
  operation('menuItemSave', admins, 'tenant', newItem),
  operation('menuItemRemove', admins, 'tenant', async ({ by: { ADMIN } }) => {
    const item = newItem()
    await ADMIN.direct('menuItemSave', item, { branchId: null })
    return { menuItemId: item.menuItemId }
  }),
  operation('menuCategorySave', admins, 'tenant', () => ({ categoryId: randomUUID(), name: 'New' })),
  operation('menuCategoryRemove', admins, 'tenant', newCategory),
  operation('modifierGroupSave', admins, 'tenant', newGroup),
  operation('modifierGroupRemove', admins, 'tenant', async ({ by: { ADMIN } }) => {
    const group = newGroup()
    await ADMIN.direct('modifierGroupSave', group, { branchId: null })
    return { modifierGroupId: group.modifierGroupId }
  }),

  {
    name: 'Subscription.syncNudge',
    variant: 'of a branch',
    may: everybody,
    about: 'branch',
    denial: 'FORBIDDEN',
    gets: 'SHOWN',
    selection: '{ branchId headSeq }',
    args: () => branch,
  },
  {
    name: 'Subscription.syncNudge',
    variant: 'of the tenant',
    may: managers,
    about: 'tenant',
    denial: 'FORBIDDEN',
    gets: 'SHOWN',
    selection: '{ branchId headSeq }',
    args: () => ({ tenantId }),
  },
]
