/** A day at a till. What is blocked must have a reason that somebody who looks at it can see. */
import fc from 'fast-check'
import type { OfflinePayloads, OfflineType } from '../../../../client/sdk/index.ts'
import { AnswerLost, Offline, OperationBlocked, SyncFailed } from '../../../../client/sdk/index.ts'
import { type Intent, posts } from '../world.ts'
import { type Drawn, drawn, makers, openSession, runningWork, saleOf } from './payloads.ts'
import { type At, atDevice, type Weighted, weighted } from './steps.ts'

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
      device: device.name,
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

/** At a till. */
export const selling: Weighted[] = [
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
]
