/**
 * What people, networks and gateways do in the model test. A till's payloads are made as its app makes them: from what
 * the client shows at that moment.
 */
import fc from 'fast-check'
import type { EntityPayloads, OfflinePayloads, OfflineType } from '../../../client/sdk/index.ts'
import { AnswerLost, Offline, OperationBlocked, SyncFailed } from '../../../client/sdk/index.ts'
import type { Role } from '../../../src/modules/access/roles.ts'
import { changeOf, mixedChangeOf, totalsOf, unitPrice } from '../../../src/modules/sale/pricing.ts'
import { Device } from './device.ts'
import type { Moment } from './faulty-network.ts'
import { type Intent, posts, type World } from './world.ts'

/** A command of fast-check: everything it needs is in it, so that it can be run again. */
class Step implements fc.AsyncCommand<object, World> {
  readonly #text: string
  readonly #act: (world: World) => Promise<void>
  constructor(text: string, act: (world: World) => Promise<void>) {
    this.#text = text
    this.#act = act
  }
  check = () => true
  async run(_: object, world: World): Promise<void> {
    world.note(this.#text)
    await this.#act(world)
  }
  toString = () => this.#text
}

function step<T extends object>(
  name: string,
  of: { [K in keyof T]: fc.Arbitrary<T[K]> },
  act: (world: World, drawn: T) => Promise<unknown>,
): fc.Arbitrary<fc.AsyncCommand<object, World>> {
  return fc.record(of).map(
    (drawn) =>
      new Step(`${name} ${JSON.stringify(drawn)}`, async (world) => {
        await act(world, drawn as T)
      }),
  )
}

type At = { world: World; device: Device }

/** A step at one of the devices. */
const atDevice = <T extends object>(
  name: string,
  of: { [K in keyof T]: fc.Arbitrary<T[K]> },
  act: (at: At, drawn: T) => Promise<unknown>,
) =>
  step<T & { till: number }>(
    name,
    { till: fc.nat(2), ...of } as {
      [K in keyof (T & { till: number })]: fc.Arbitrary<(T & { till: number })[K]>
    },
    (world, drawn) => act({ world, device: world.devices[drawn.till]! }, drawn),
  )

// -- what a till makes of what it shows ---------------------------------------------------------------------------

type Drawn = {
  /** Which of the things on the screen, by place. */
  picks: number[]
  amount: number
  inUsd: boolean
}
const drawn = {
  picks: fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }),
  amount: fc.nat(5000),
  inUsd: fc.boolean(),
}

const openSession = ({ client }: Device) => client.query('cashSession', { where: { status: 'OPEN' } })[0]
const runningWork = ({ client }: Device) => {
  const actorId = client.status().context?.actorId
  return client.query('attendance', {
    where: (each) => each.actorId === actorId && each.status === 'ACTIVE',
  })[0]
}

/** A cart and its payment, to the cent; undefined where the till shows nothing that could be sold. */
function saleOf(
  device: Device,
  { picks, amount, inUsd }: Drawn,
): OfflinePayloads['sale.finalize'] | undefined {
  const { client } = device
  const items = client.query('menuItem', { where: { archived: false } })
  const policy = client.query('policy')[0]
  if (items.length === 0 || !policy) return undefined
  const lines = picks.map((pick) => {
    const item = items[pick % items.length]!
    const options = item.modifierGroupIds
      .flatMap((id) => client.get('modifierGroup', id)?.options ?? [])
      .slice(0, pick % 2)
    return {
      line: {
        menuItemId: item.id,
        menuItemRevision: item.revision,
        quantity: 1 + (pick % 3),
        modifierOptionIds: options.map(({ id }) => id),
      },
      unitUsd: unitPrice(
        item.priceUsd,
        options.map(({ priceUsd }) => priceUsd),
      ),
    }
  })
  const totals = totalsOf(
    lines.map(({ line, unitUsd }) => ({ unitUsd, quantity: line.quantity })),
    policy,
  )
  const currency = inUsd ? 'USD' : 'KHR'
  const received = amount + (inUsd ? totals.totalUsd : totals.totalKhr)
  const inBoth = amount % 2 === 1
  const both = { usd: Math.floor(totals.totalUsd / 2), khr: totals.totalKhr + amount }
  return {
    saleId: device.newId(),
    cashSessionId: openSession(device)?.id ?? device.newId(),
    saleType: 'TAKEAWAY',
    policyRevision: policy.revision,
    lines: lines.map(({ line }) => line),
    totals,
    tender: inBoth
      ? { method: 'CASH', received: both, change: mixedChangeOf(both, totals.totalUsd, policy)! }
      : { method: 'CASH', currency, received, change: changeOf({ currency, received }, totals, policy)! },
  }
}

const makers: { [Type in OfflineType]: (device: Device, drawn: Drawn) => OfflinePayloads[Type] | undefined } =
  {
    'cashSession.open': (device, { amount }) => ({
      cashSessionId: device.newId(),
      openingFloat: { usd: amount, khr: amount * 4000 },
    }),
    'cashSession.movement': (device, { picks, amount, inUsd }) => ({
      movementId: device.newId(),
      cashSessionId: openSession(device)?.id ?? device.newId(),
      kind: (['PAID_IN', 'PAID_OUT', 'ADJUSTMENT'] as const)[picks[0]! % 3]!,
      currency: inUsd ? 'USD' : 'KHR',
      amount: amount + 1,
      reason: `because of ${amount}`,
    }),
    'cashSession.close': (device, { amount }) => ({
      cashSessionId: openSession(device)?.id ?? device.newId(),
      counted: { usd: amount, khr: 0 },
    }),
    'sale.finalize': saleOf,
    'inventory.waste': (_, { amount }) => ({
      stockItemId: 'beans',
      quantity: amount + 1,
      reason: `wasted ${amount}`,
    }),
    'attendance.startWork': (device) => ({ attendanceId: device.newId() }),
    'attendance.endWork': (device) => ({ attendanceId: runningWork(device)?.id ?? device.newId() }),
    // Queued by what gives another up (`wayOut`).
    'operation.giveUp': () => undefined,
  }

/** Whether what the till shows is reason enough to block with this code. */
function isReason({ world, device }: At, code: string, type: OfflineType): boolean {
  const { client } = device
  const { context } = client.status()
  if (!context) return code === 'SIGNED_OUT'
  // Who sees no sessions does not see which is open either.
  if (
    code.startsWith('CASH_SESSION') &&
    (device.isBlind(context) || world.roleOf(context.actorId) === 'STAFF')
  )
    return true
  switch (code) {
    case 'NO_BRANCH_ACCESS':
    case 'NO_MEMBERSHIP':
      return [context.actorId, device.tokenAt(world.postOf(context))].some((each) => world.moved.has(each))
    case 'BRANCH_FROZEN':
      return client.get('branch', context.branchId)?.status === 'FROZEN'
    case 'CASH_SESSION_ALREADY_OPEN':
      return type === 'cashSession.open' && openSession(device) !== undefined
    case 'CASH_SESSION_NOT_OPEN':
      return type !== 'cashSession.open' && type !== 'inventory.waste' && openSession(device) === undefined
    case 'ATTENDANCE_ALREADY_ACTIVE':
      return type === 'attendance.startWork' && runningWork(device) !== undefined
    case 'ATTENDANCE_NOT_ACTIVE':
      return type === 'attendance.endWork' && runningWork(device) === undefined
    case 'ACTION_NOT_PERMITTED':
      return !type.startsWith('attendance') && context.actorId !== 'manager'
    case 'STOCK_ITEM_UNKNOWN':
      return type === 'inventory.waste' && client.get('stockItem', 'beans') === undefined
    case 'CACHE_MISSING':
      if (type === 'inventory.waste') return client.query('stockItem').length === 0
      return (
        client.query('branch').length * client.query('policy').length * client.query('menuItem').length === 0
      )
    default:
      return false
  }
}

/** Performs it; a block must have a reason that the till shows, before or (as things go on) after. */
async function perform(
  at: At,
  type: OfflineType,
  payload: OfflinePayloads[OfflineType],
  options: { clientOpId?: string; also?: string[] } = {},
): Promise<void> {
  const { world, device } = at
  const { client } = device
  const { context } = client.status()
  const codes = [...blockCodes, ...(options.also ?? [])]
  const reasons = codes.filter((code) => isReason(at, code, type))
  const { clientOpId } = options
  const wasFull = device.isFull
  try {
    const queued = await client.perform(type, payload, clientOpId ? { clientOpId } : {})
    world.performed.set(queued.clientOpId, {
      ...context!,
      ...queued,
      type,
      payload: payload as Intent['payload'],
    })
  } catch (error) {
    if (!(error instanceof OperationBlocked)) throw error
    world.note(`    blocked: ${error.code}`)
    const isFair =
      (error.code === 'STORAGE_FULL' && (wasFull || device.isFull)) ||
      reasons.includes(error.code) ||
      isReason(at, error.code, type) ||
      options.also?.includes(error.code)
    if (!isFair) throw new Error(`${type} was blocked for no reason that the till shows`, { cause: error })
  }
}
const blockCodes = [
  'SIGNED_OUT',
  'NO_BRANCH_ACCESS',
  'NO_MEMBERSHIP',
  'BRANCH_FROZEN',
  'CASH_SESSION_ALREADY_OPEN',
  'CASH_SESSION_NOT_OPEN',
  'ATTENDANCE_ALREADY_ACTIVE',
  'ATTENDANCE_NOT_ACTIVE',
  'ACTION_NOT_PERMITTED',
  'STOCK_ITEM_UNKNOWN',
  'CACHE_MISSING',
]

const performing = (type: OfflineType) =>
  atDevice<Drawn>(type, drawn, async (at, given) => {
    const payload = makers[type](at.device, given)
    if (payload) await perform(at, type, payload)
  })

/** A busy hour: one after the other, and nobody waits for the one before. */
const sales = atDevice<{ carts: Drawn[] }>(
  'sales',
  { carts: fc.array(fc.record(drawn), { minLength: 2, maxLength: 6 }) },
  async (at, { carts }) => {
    await signIn(at)
    if (!openSession(at.device))
      await perform(at, 'cashSession.open', makers['cashSession.open'](at.device, carts[0]!)!)
    const payloads = carts.flatMap((cart) => saleOf(at.device, cart) ?? [])
    await Promise.all(payloads.map((payload) => perform(at, 'sale.finalize', payload)))
  },
)

const signIn = async ({ device }: At) => {
  if (!device.post) await device.comes(posts[0])
}

/** Morning: the drawer is filled and somebody begins to work, perhaps at two tills that know nothing of each other. */
const begin = atDevice<Drawn>('begin the day', drawn, async (at, given) => {
  await signIn(at)
  await perform(at, 'cashSession.open', makers['cashSession.open'](at.device, given)!)
  await perform(at, 'attendance.startWork', makers['attendance.startWork'](at.device, given)!)
})

const fillCart = atDevice<Drawn>('fill the cart', drawn, async ({ device }, given) => {
  const payload = saleOf(device, given)
  const branchId = device.post?.branchId
  device.cart = payload && branchId ? { branchId, payload } : null
})

/** Perhaps much later: prices, the policy and the session may be others by then. */
const payCart = atDevice('pay for the cart', {}, async (at) => {
  const { cart, post } = at.device
  if (!cart || cart.branchId !== post?.branchId) return
  at.device.cart = null
  await perform(at, 'sale.finalize', cart.payload, { also: ['CASH_SESSION_NOT_OPEN', 'MENU_ITEM_UNKNOWN'] })
})

/** The direct lane; where the answer is lost, the same intent is queued under its own key. */
const direct = atDevice<Drawn & { type: OfflineType }>(
  'do it online',
  { ...drawn, type: fc.constantFrom(...(Object.keys(makers) as OfflineType[])) },
  async (at, { type, ...given }) => {
    const { device, world } = at
    const payload = makers[type](device, given)
    const { context } = device.client.status()
    if (!payload || !context) return
    const idempotencyKey = device.newId()
    try {
      const verdict = await device.client.online(type, payload, { idempotencyKey })
      world.note(`    ${verdict.status} ${verdict.code ?? ''}`)
    } catch (error) {
      if (error instanceof AnswerLost) return perform(at, type, payload, { clientOpId: idempotencyKey })
      if (!(error instanceof Offline || error instanceof SyncFailed)) throw error
      world.note(`    ${error.code}`)
      world.neverSent.add(idempotencyKey.toLowerCase())
    }
  },
)

// -- the synchronising -----------------------------------------------------------------------------------------------

/** Whatever stands in its way must be told in the SDK's own words. */
async function trySync({ world, device }: At): Promise<void> {
  try {
    await device.client.sync()
  } catch (error) {
    if (!(error instanceof Offline || error instanceof SyncFailed)) throw error
    world.note(`    no sync: ${error.code}`)
  }
}

const sync = atDevice('sync', {}, trySync)

/** A person acts while it runs. */
const syncBehind = atDevice('sync without waiting', {}, async (at) => {
  void trySync(at)
})

const crash = atDevice<{ operation: string; moment: Moment | 'now' }>(
  'crash',
  {
    operation: fc.constantFrom('Push', 'Push', 'Pull', 'Direct'),
    moment: fc.constantFrom<Moment | 'now'>('now', 'asked', 'answered'),
  },
  async ({ world, device }, { operation, moment }) => {
    if (moment !== 'now') {
      const gone = new Promise<void>((resolve) => {
        device.line.plan(operation, moment, () => {
          device.cutPower()
          resolve()
        })
      })
      await Promise.race([gone, trySync({ world, device })])
    }
    device.cutPower()
    await device.restart()
  },
)

const turnToTab = atDevice<{ place: number }>(
  'turn to another tab',
  { place: fc.nat(2) },
  async ({ device }, { place }) => device.turnTo(place),
)
const openTab = atDevice('open a tab', {}, async ({ device }) => {
  // A store that is not shared has one tab.
  if (device.tabs.length < device.windows + 1 && device.windows > 1) await device.openTab()
})
const leaveTab = atDevice<{ how: 'closed' | 'killed' }>(
  'leave the tab',
  { how: fc.constantFrom('closed', 'killed') },
  ({ device }, { how }) => device.leaveTab(how),
)

const closeAndOpen = atDevice('close and open', {}, ({ device }) => device.restart())

// -- people and queues -------------------------------------------------------------------------------------------------

const switchPost = atDevice<{ post: number | null }>(
  'switch',
  { post: fc.option(fc.nat(posts.length - 1), { freq: 6 }) },
  ({ device }, { post }) => device.comes(post === null ? null : posts[post]!),
)

/** Whoever was at work is still at work. */
const wrongPin = atDevice<{ post: number }>(
  'a wrong PIN',
  { post: fc.nat(posts.length - 1) },
  async ({ world, device }, { post }) => {
    const { actorId } = posts[post]!
    if (!device.byPin || world.mistyped.has(actorId)) return
    // A second one, and what the network doubles, would lock them out for a minute.
    world.mistyped.add(actorId)
    const { context } = device.client.status()
    if (await device.comes(posts[post]!, '4321')) throw new Error('a wrong PIN let somebody in')
    if (device.client.status().context !== context) throw new Error('a wrong PIN sent somebody away')
  },
)

const wayOut = atDevice<{ which: number; way: 'retry' | 'reassign' | 'discard' }>(
  'way out',
  { which: fc.nat(10), way: fc.constantFrom('retry', 'reassign', 'discard') },
  async ({ world, device }, { which, way }) => {
    const { client } = device
    const { failed, context } = client.status()
    const operation = failed[which % failed.length]
    if (!operation || !context) return
    const { clientOpId } = operation
    world.note(`    ${operation.type} ${operation.code}`)
    try {
      if (way === 'retry') await client.retry(clientOpId)
      if (way === 'discard') await client.discard(clientOpId, 'it never happened')
      if (way === 'reassign')
        await client.reassign(clientOpId, { cashSessionId: openSession(device)?.id ?? device.newId() })
    } catch (error) {
      if (!(error instanceof OperationBlocked)) throw error
      world.note(`    blocked: ${error.code}`)
    }
  },
)

/** The rescue copy read by another tablet, while the first goes on. */
const copyQueue = atDevice<{ to: number }>(
  'copy the queue',
  { to: fc.nat(2) },
  async ({ world, device }, { to }) => {
    const other = world.devices[to]!
    const text = await device.client.exportQueue()
    for (const { clientOpId } of JSON.parse(text).operations) world.copied.add(clientOpId)
    await other.client.importQueue(text).catch((error: unknown) => {
      if (!(error instanceof OperationBlocked && other.isFull)) throw error
      world.note(`    blocked: ${error.code}`)
    })
  },
)

/** The tablet breaks for good; a new one takes over its rescue copy. */
const replaceDevice = step<{ till: number }>(
  'replace the tablet',
  { till: fc.nat(2) },
  async (world, { till }) => {
    const device = world.devices[till]!
    const text = await device.client.exportQueue()
    device.cutPower()
    world.broken.push(device)
    const successor = await Device.open(world, `${device.name}'`, posts[0], {
      windows: 1,
      byPin: device.byPin,
    })
    world.devices[till] = successor
    await successor.client.importQueue(text)
  },
)

// -- the world around ----------------------------------------------------------------------------------------------------

const unplug = atDevice('lose the network', {}, async ({ device }) => device.line.unplug())
const plug = atDevice('find the network', {}, async ({ device }) => device.line.plug())
const resume = atDevice('look at the app', {}, async ({ device }) => device.line.resume())
const fill = atDevice('fill the disk', {}, async ({ device }) => {
  device.isFull = true
})
const makeRoom = atDevice('make room on the disk', {}, async ({ device }) => {
  device.isFull = false
})
const cutSockets = step('cut all sockets', {}, async ({ devices }) => {
  for (const { line } of devices) line.cutSockets()
})
const pause = step<{ ms: number }>(
  'wait',
  { ms: fc.nat(60) },
  (_, { ms }) => new Promise((go) => setTimeout(go, ms)),
)
const restartGateway = step('restart the gateway', {}, ({ gateway }) => gateway.restart())
const rebuildStreams = step<{ cafe: 'demo' | 'rival' }>(
  'rebuild the streams',
  { cafe: fc.constantFrom('demo', 'demo', 'rival') },
  (world, { cafe }) => world.rebuildStreams(cafe),
)

// -- the office: an administrator on a good line -------------------------------------------------------------------------

const branch = fc.constantFrom('riverside', 'riverside', 'market')
const menuItemId = fc.constantFrom('espresso', 'latte', 'croissant', 'cake')

type ItemChange = { priceUsd?: number; archived?: boolean; visibleIn?: string[] | null; name?: string }
const changeItem = step<{ menuItemId: string; change: ItemChange }>(
  'change an item',
  {
    menuItemId,
    change: fc.oneof<fc.Arbitrary<ItemChange>[]>(
      fc.record({ priceUsd: fc.nat(400) }),
      fc.record({ archived: fc.boolean() }),
      fc.record({ visibleIn: fc.constantFrom(null, ['market'], ['riverside']) }),
      fc.record({ name: fc.constantFrom('Café', 'កាហ្វេ') }),
    ),
  },
  (world, { menuItemId, change }) =>
    world.office('demo').direct('menuItemSave', { menuItemId, ...change }, { branchId: null }),
)
const removeItem = step<{ menuItemId: string }>('remove an item', { menuItemId }, (world, input) =>
  world.office('demo').direct('menuItemRemove', input, { branchId: null }),
)
const addItem = step<{ priceUsd: number }>('add an item', { priceUsd: fc.nat(400) }, (world, { priceUsd }) =>
  world
    .office('demo')
    .direct(
      'menuItemSave',
      { menuItemId: `special-${priceUsd}`, name: 'Special', categoryId: 'coffee', priceUsd },
      { branchId: null },
    ),
)
const changeOptions = step<{ priceUsd: number }>(
  'change the options',
  { priceUsd: fc.integer({ min: -50, max: 100 }) },
  (world, { priceUsd }) =>
    world
      .office('demo')
      .direct(
        'modifierGroupSave',
        { modifierGroupId: 'milk', options: [{ id: 'oat', name: 'Oat', priceUsd }] },
        { branchId: null },
      ),
)
const changePolicy = step<{ branchId: string; policy: Partial<EntityPayloads['policy']> }>(
  'change the policy',
  {
    branchId: branch,
    policy: fc.record(
      {
        vatEnabled: fc.boolean(),
        vatRatePercent: fc.nat(20),
        fxRateKhrPerUsd: fc.integer({ min: 3900, max: 4200 }),
        khrRoundingMode: fc.constantFrom('NEAREST', 'UP', 'DOWN'),
        khrRoundingGranularity: fc.constantFrom(100, 1000),
      },
      { requiredKeys: ['vatRatePercent'] },
    ),
  },
  (world, { branchId, policy }) => world.office('demo').direct('policyUpdate', policy, { branchId }),
)
const freeze = step<{ branchId: string }>('freeze', { branchId: branch }, (world, { branchId }) =>
  world.office('demo').direct('branchFreeze', null, { branchId }),
)
const unfreeze = step<{ branchId: string }>('unfreeze', { branchId: branch }, (world, { branchId }) =>
  world.office('demo').direct('branchUnfreeze', null, { branchId }),
)
const adjustStock = step<{ branchId: string; quantity: number }>(
  'adjust the stock',
  { branchId: branch, quantity: fc.integer({ min: -300, max: 300 }) },
  (world, { branchId, quantity }) =>
    world
      .office('demo')
      .direct('inventoryAdjust', { stockItemId: 'beans', quantity, reason: 'counted' }, { branchId }),
)
const forceClose = step<{ branchId: string }>(
  'force-close',
  { branchId: branch },
  async (world, { branchId }) => {
    const [session] = await world.rows<{ id: string }>(
      `select id from cash_session where tenant_id = $1 and branch_id = $2 and status = 'OPEN'`,
      [world.tenantOf('demo'), branchId],
    )
    if (session)
      await world
        .office('demo')
        .direct(
          'cashSessionForceClose',
          { cashSessionId: session.id, reason: 'the till is gone' },
          { branchId },
        )
  },
)
const passADay = step('a day passes', {}, (world) => world.passADay())
const changeRole = step<{ accountId: string; role: Role }>(
  'change a role',
  {
    accountId: fc.constantFrom('cashier-1', 'cashier-1', 'cashier-2', 'barista'),
    role: fc.constantFrom('STAFF', 'CASHIER', 'CASHIER', 'MANAGER'),
  },
  async (world, input) => {
    world.roles.set(input.accountId, input.role)
    await world.office('demo').direct('staffSave', input, { branchId: null })
  },
)
const move = step<{ accountId: string; branchIds: string[] }>(
  'move somebody',
  {
    accountId: fc.constantFrom('cashier-1', 'cashier-2', 'barista'),
    branchIds: fc.constantFrom(['riverside'], ['market'], ['riverside', 'market']),
  },
  (world, { accountId, branchIds }) => world.move(accountId, branchIds),
)
const voidSale = step<{ branchId: string; which: number }>(
  'void a sale',
  { branchId: branch, which: fc.nat(20) },
  async (world, { branchId, which }) => {
    const sales = await world.rows<{ id: string }>(
      'select id from sale where tenant_id = $1 and branch_id = $2 order by receipt_number',
      [world.tenantOf('demo'), branchId],
    )
    const sale = sales[which % sales.length]
    if (sale) await world.office('demo').direct('saleVoid', { saleId: sale.id, reason: 'cold' }, { branchId })
  },
)

type Command = fc.Arbitrary<fc.AsyncCommand<object, World>>
const weighted = (arbitrary: Command, weight: number) => ({ arbitrary, weight })

export const commands: Command = fc.oneof(
  weighted(performing('sale.finalize'), 10),
  weighted(sales, 12),
  weighted(begin, 4),
  weighted(performing('cashSession.open'), 5),
  weighted(performing('cashSession.movement'), 4),
  weighted(performing('cashSession.close'), 1),
  weighted(performing('inventory.waste'), 2),
  weighted(performing('attendance.startWork'), 3),
  weighted(performing('attendance.endWork'), 2),
  weighted(fillCart, 2),
  weighted(payCart, 3),
  weighted(direct, 6),
  weighted(sync, 6),
  weighted(syncBehind, 3),
  weighted(crash, 3),
  weighted(closeAndOpen, 1),
  weighted(turnToTab, 3),
  weighted(openTab, 2),
  weighted(leaveTab, 2),
  weighted(switchPost, 6),
  weighted(wrongPin, 1),
  weighted(wayOut, 6),
  weighted(copyQueue, 1),
  weighted(replaceDevice, 1),
  weighted(unplug, 3),
  weighted(plug, 5),
  weighted(resume, 1),
  weighted(fill, 1),
  weighted(makeRoom, 2),
  weighted(cutSockets, 1),
  weighted(pause, 3),
  weighted(restartGateway, 1),
  weighted(rebuildStreams, 1),
  weighted(changeItem, 3),
  weighted(removeItem, 1),
  weighted(addItem, 1),
  weighted(changeOptions, 1),
  weighted(changePolicy, 2),
  weighted(freeze, 1),
  weighted(unfreeze, 2),
  weighted(adjustStock, 1),
  weighted(forceClose, 1),
  weighted(voidSale, 1),
  weighted(passADay, 1),
  weighted(changeRole, 2),
  weighted(move, 2),
)
