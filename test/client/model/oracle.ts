/**
 * What must hold once the faults are over and every device has synchronised: of each client against a fresh one, of
 * the books in the database, and of every operation that was ever queued.
 */

import type { Entity, EntityKind } from '../../../client/sdk/index.ts'
import { createSyncClient, memoryStore, type SyncClient } from '../../../client/sdk/index.ts'
import type { QueuedOperation } from '../../../client/sdk/words.ts'
import { may } from '../../../src/modules/words.ts'
import { type Device, kinds } from './device.ts'
import { type Intent, type Post, posts, type World } from './world.ts'

/** A rule that does not hold. */
class Broken extends Error {
  override readonly name = 'Broken'
  constructor(rule: string, what: unknown) {
    super(`${rule}: ${JSON.stringify(what, null, 1)}`)
  }
}
const none = (rule: string, found: readonly unknown[]): void => {
  if (found.length > 0) throw new Broken(rule, found)
}
const equal = (rule: string, actual: unknown, expected: unknown): void => {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) throw new Broken(rule, { actual, expected })
}

/** From each branch somebody who is let into it and may see everything there that a till may. */
const rounds = [posts[1], posts[4], posts[5]]

export async function verify(world: World): Promise<void> {
  world.network.calm()
  for (const branchId of ['riverside', 'market'])
    await world.office('demo').direct('branchUnfreeze', null, { branchId })
  await world.moveBack()
  for (const device of world.devices) device.isFull = false
  const lastPosts = new Map(world.devices.map((device) => [device, device.post ?? posts[0]]))

  for (const { name, sights } of [...world.devices, ...world.broken])
    none(`what was seen at ${name}`, sights.flat())
  world.note('everybody synchronises')
  for (const device of world.devices) await emptyQueue(world, device)
  if (world.hasAged) await forgetEverything(world)
  await checkEverything(world, (device) => [lastPosts.get(device)!])

  world.note('everybody tries again what has failed')
  for (const device of world.devices) await tryAgain(world, device)
  const turns = new Map(world.devices.map((device, i) => [device, rounds[i % rounds.length]!]))
  await checkEverything(world, (device) => [turns.get(device)!, lastPosts.get(device)!])
}

/** A till forgets what is old once an hour, and when it is opened. */
async function forgetEverything(world: World): Promise<void> {
  await world.gateway.cleanUp()
  for (const device of world.devices) await device.restart()
}

/** Whoever has something in the queue comes by, until only what has failed is left of it. */
async function emptyQueue(world: World, device: Device): Promise<void> {
  // Somebody who is let in everywhere brings again what was refused because of who brought it.
  await syncAt(device, rounds[0]!)
  for (const post of rounds) {
    const { tenantId, branchId } = world.contextOf(post)
    const isTheirs = (each: QueuedOperation) =>
      each.tenantId === tenantId && each.branchId === branchId && each.status !== 'FAILED'
    // What a server has forgotten comes back where somebody pulls it.
    if (world.hasRestored || (await device.queue()).some(isTheirs)) await syncAt(device, post)
  }
}

/** Somebody of each tenant wants all that failed to be tried again; what fell with another comes with that. */
async function tryAgain(world: World, device: Device): Promise<void> {
  for (const post of [posts[1], posts[5]]) {
    const { tenantId } = world.contextOf(post)
    const isTheirs = (each: QueuedOperation) => each.tenantId === tenantId && each.status === 'FAILED'
    const failed = (await device.queue()).filter(isTheirs)
    if (failed.length === 0) continue
    await syncAt(device, post)
    for (const { clientOpId } of failed)
      if (device.client.status().failed.some((each) => each.clientOpId === clientOpId))
        await device.client.retry(clientOpId)
    await emptyQueue(world, device)
  }
}

/** Puts this person at the device and synchronises. */
async function syncAt(device: Device, post: Post): Promise<void> {
  if (!(await device.comes(post))) throw new Broken('on a good line people are let in', post)
  await sync(device.client, device, post)
}

/** On a good line that succeeds, and nothing waits afterwards. */
async function sync(client: SyncClient, device: Device, post: Post): Promise<void> {
  await client.sync()
  const { pending, syncing, connectivity, auth, hydrated } = client.status()
  equal(
    `${device.name} is in sync at ${post.branchId}`,
    { pending, syncing, connectivity, auth, hydrated },
    { pending: 0, syncing: 0, connectivity: 'online', auth: 'ok', hydrated: true },
  )
}

async function checkEverything(world: World, postsOf: (device: Device) => readonly Post[]): Promise<void> {
  const fresh = new Map<string, Map<EntityKind, unknown>>()
  for (const device of world.devices) {
    none(`what was seen at ${device.name}`, device.sights.flat())
    for (const post of postsOf(device)) {
      await syncAt(device, post)
      const token = device.tokenAt(post)
      // Whoever comes may bring what awaited their word: by then another sees more than before.
      const name = JSON.stringify([post, token, await headsOf(world)])
      if (!fresh.has(name)) fresh.set(name, await bootstrap(world, post, token))
      for (const [i, tab] of device.tabs.entries()) {
        if (i > 0) await sync(tab.client, device, post)
        compare(world, device, tab, { post, token, fresh: fresh.get(name)! })
      }
    }
  }
  await checkBooks(world)
  await checkNumbers(world)
  await checkOperations(world)
}

const headsOf = (world: World) =>
  world.rows<{ head: number }>(
    'select head_seq as head from sync_stream where tenant_id = any($1) order by tenant_id, branch_id',
    [world.tenantIds],
  )

// -- clients -------------------------------------------------------------------------------------------------------------

/** What a client that has never been here before sees. */
async function bootstrap(world: World, post: Post, token: string): Promise<Map<EntityKind, unknown>> {
  const client = await createSyncClient({
    url: world.gateway.url,
    store: memoryStore(),
    context: world.contextOf(post),
    deviceId: 'newcomer',
    getToken: () => world.tokenFor(post, token, null, 'newcomer'),
  })
  try {
    await client.sync()
    return seen((kind) => client.query(kind))
  } finally {
    await client.close()
  }
}

function seen(
  entities: (kind: EntityKind) => readonly Entity[],
  isCounted: (kind: EntityKind, entity: Entity) => boolean = () => true,
): Map<EntityKind, unknown> {
  return new Map(
    kinds.map((kind) => [
      kind,
      entities(kind)
        .filter((entity) => isCounted(kind, entity))
        .map((entity) => sorted(entity))
        .sort((a, b) => String(a.id).localeCompare(String(b.id))),
    ]),
  )
}

const sorted = (entity: Entity): Record<string, unknown> =>
  Object.fromEntries(Object.entries(entity).sort(([a], [b]) => a.localeCompare(b)))

/** The device shows what a fresh one shows, and so does its screen, which was told of every change. */
function compare(
  world: World,
  { name }: Device,
  { client, shown }: Device['tabs'][number],
  { post, token, fresh }: { post: Post; token: string; fresh: Map<EntityKind, unknown> },
): void {
  // Work of others that this device recorded itself is kept, though the token may not read it (docs/client.md).
  const isReadable = (kind: EntityKind, entity: Entity) =>
    kind !== 'attendance' ||
    may(world.roleOf(token), 'attendance.readAll') ||
    (entity as Entity<'attendance'>).actorId === token
  const queried = seen((kind) => client.query(kind), isReadable)
  const onScreen = seen((kind) => shown.get(kind) ?? [], isReadable)
  for (const kind of kinds) {
    const where = `${kind} at ${name} (${post.actorId} in ${post.branchId} of ${world.tenantOf(post.cafe)})`
    equal(where, queried.get(kind), fresh.get(kind))
    equal(`on the screen: ${where}`, onScreen.get(kind), fresh.get(kind))
  }
}

// -- books ---------------------------------------------------------------------------------------------------------------

async function checkBooks(world: World): Promise<void> {
  const rule = async (name: string, sql: string) =>
    none(name, await world.rows<{ [name: string]: unknown }>(sql, [world.tenantIds]))
  await rule(
    'the drawer is what was put in, less what was taken out',
    `select s.id, s.expected_usd, s.expected_khr, m.usd, m.khr from cash_session s
     left join lateral (select coalesce(sum(usd), 0) as usd, coalesce(sum(khr), 0) as khr from cash_movement m
       where m.tenant_id = s.tenant_id and m.cash_session_id = s.id) m on true
     where s.tenant_id = any($1)
       and (s.expected_usd <> s.opening_usd + m.usd or s.expected_khr <> s.opening_khr + m.khr)`,
  )
  await rule(
    'a sale is in the drawer once, and its refund if it is void',
    `select s.id, m.* from sale s left join lateral (
       select count(*) filter (where kind = 'SALE_IN') as ins, count(*) filter (where kind = 'REFUND') as refunds,
         sum(usd) filter (where kind = 'SALE_IN') as usd, sum(khr) filter (where kind = 'SALE_IN') as khr
       from cash_movement m where m.tenant_id = s.tenant_id and m.sale_id = s.id) m on true
     where s.tenant_id = any($1) and (m.ins <> 1 or m.refunds <> (s.status = 'VOIDED')::int
       or m.usd <> case s.tender->>'currency' when 'USD' then (s.tender->>'received')::bigint
         when 'KHR' then 0 else (s.tender->'received'->>'usd')::bigint end
         - (s.tender->'change'->>'usd')::bigint
       or m.khr <> case s.tender->>'currency' when 'KHR' then (s.tender->>'received')::bigint
         when 'USD' then 0 else (s.tender->'received'->>'khr')::bigint end
         - (s.tender->'change'->>'khr')::bigint)`,
  )
  await rule(
    'what is on hand is the sum of the ledger',
    `select i.branch_id, i.id, i.on_hand, sum(e.quantity) from stock_item i
     left join stock_entry e on e.tenant_id = i.tenant_id and e.branch_id = i.branch_id and e.stock_item_id = i.id
     where i.tenant_id = any($1) group by i.tenant_id, i.branch_id, i.id, i.on_hand
     having i.on_hand <> coalesce(sum(e.quantity), 0)`,
  )
  await rule(
    'a sale takes from stock once',
    `select e.sale_id from stock_entry e left join sale s
       on s.tenant_id = e.tenant_id and s.branch_id = e.branch_id and s.id = e.sale_id
     where e.tenant_id = any($1) and e.kind = 'SALE' and e.client_op_id is distinct from s.client_op_id`,
  )
  await rule(
    'receipt numbers have no gaps',
    `select s.branch_id, count(*), max(s.receipt_number), c.last_number from sale s
     left join receipt_counter c on c.tenant_id = s.tenant_id and c.branch_id = s.branch_id
     where s.tenant_id = any($1) group by s.tenant_id, s.branch_id, c.last_number
     having count(*) <> max(s.receipt_number) or min(s.receipt_number) <> 1 or max(s.receipt_number) <> c.last_number`,
  )
  await rule(
    'a sale is in one branch',
    `select id from sale where tenant_id = any($1) group by tenant_id, id having count(*) > 1`,
  )
  await rule(
    'one session at most is open in a branch',
    `select branch_id from cash_session where tenant_id = any($1) and status = 'OPEN'
     group by tenant_id, branch_id having count(*) > 1`,
  )
  await rule(
    'a person works once at a time',
    `select actor_id from attendance where tenant_id = any($1) and status = 'ACTIVE'
     group by tenant_id, actor_id having count(*) > 1`,
  )
}

/**
 * Every number that a device has given arrived, but for those of a device that broke, and of what waits on it for the word of
 * whoever a file says did it. What was refused before a restore and not tried again, or given up, is not known any more.
 */
async function checkNumbers(world: World): Promise<void> {
  for (const device of world.devices) {
    const queue = await device.queue()
    const forgotten = world.hasRestored
      ? [
          ...queue.filter(({ status }) => status === 'FAILED'),
          ...(await device.givenUp()).map(({ operation }) => operation),
        ]
      : []
    if (world.hasRestored && device.wasFull) continue
    const waiting = [...queue.filter(({ claimed }) => claimed), ...forgotten]
    for (const tenantId of world.tenantIds) {
      const kept = waiting.filter((each) => each.tenantId === tenantId).map(({ deviceSeq }) => deviceSeq)
      const missing = await world.rows<{ number: number }>(
        `select number::int from generate_series(1::bigint, $3::bigint) number where number <> all($4::bigint[])
         and not exists (select from sync_device where tenant_id = $1 and device_id = $2 and received_seqs @> number)`,
        [tenantId, device.id, await device.numbered(tenantId), kept],
      )
      none(`numbers of ${device.name} in ${tenantId} that did not arrive`, missing)
    }
  }
}

// -- operations ------------------------------------------------------------------------------------------------------------

type Recorded = { clientOpId: string; status: string; code: string | null; type: string }
type Waiting = { device: Device; operation: QueuedOperation }

/** Each has one verdict and at most one effect, and what was not applied is FAILED somewhere, or a person's word took it. */
async function checkOperations(world: World): Promise<void> {
  const recorded = new Map(
    (
      await world.rows<Recorded>(
        `select client_op_id as "clientOpId", status, code, type from sync_operation where tenant_id = any($1)`,
        [world.tenantIds],
      )
    ).map((row) => [row.clientOpId, row]),
  )
  none(
    'what was certainly not sent was not applied',
    [...world.neverSent].filter((key) => recorded.has(key)),
  )

  const waiting = Map.groupBy(await queues(world), ({ operation }) => operation.clientOpId)
  const replacedBy = new Map<string, string | null>()
  const given = new Map<string, Intent>(world.performed)
  for (const device of [...world.devices, ...world.broken])
    for (const { operation, replacedBy: next, reason } of await device.givenUp()) {
      if (!reason) throw new Broken('what is given up has a reason', operation)
      replacedBy.set(operation.clientOpId, next)
      given.set(operation.clientOpId, operation as Intent)
    }

  const isAccountedFor = (clientOpId: string): boolean => {
    if (recorded.get(clientOpId)?.status === 'APPLIED' || waiting.has(clientOpId)) return true
    const next = replacedBy.get(clientOpId)
    return next === null || (next !== undefined && isAccountedFor(next))
  }
  none(
    'nothing that was queued is lost',
    [...given].filter(([clientOpId, intent]) => !isAccountedFor(clientOpId) && !isGoneWith(world, intent)),
  )

  for (const { device, operation } of [...waiting.values()].flat()) {
    const { clientOpId, status, verdict, tenantId, type } = operation
    const row = recorded.get(clientOpId)
    const what = { device: device.name, clientOpId, type, tenantId, status, verdict, row }
    if (status === 'SYNCED' && row?.status === 'APPLIED' && isAwaited(device, operation)) continue
    if (status !== 'FAILED') throw new Broken('what remains in a queue has failed', what)
    if (!verdict?.code || !verdict.message) throw new Broken('what has failed says why', what)
    if (world.copied.has(clientOpId)) continue
    // What was refused since the backup is not known any more, until somebody tries it again.
    if (!row && world.hasRestored) continue
    // What speaks of who brought it is not kept.
    if (row?.code !== verdict.code && !['NO_BRANCH_ACCESS', 'ACTOR_PROOF_REQUIRED'].includes(verdict.code))
      throw new Broken('the verdict is the one that the server has kept', what)
  }
  await checkEffects(
    world,
    [...given.values()].filter(({ clientOpId }) => recorded.get(clientOpId)?.status === 'APPLIED'),
  )
}

/** After a restore, what only a tablet had confirmed that broke, or one whose disk was full as it did. */
const isGoneWith = ({ hasRestored, broken, devices }: World, { device }: Intent): boolean =>
  hasRestored && [...broken, ...devices.filter(({ wasFull }) => wasFull)].some(({ name }) => name === device)

/** Whoever is there may not read what it did: until a colleague comes who may, it is kept in view for them. */
const isAwaited = (device: Device, { type }: QueuedOperation) =>
  device.isBlind(device.client.status().context) && !type.startsWith('attendance')

async function queues({ devices }: World): Promise<Waiting[]> {
  const all: Waiting[] = []
  for (const device of devices) for (const operation of await device.queue()) all.push({ device, operation })
  return all
}

/**
 * By type: the table that an applied operation of it left its mark in, and what of its payload must be there. `id`: the
 * field that names it; left out: it has the operation's own.
 */
const marks: Record<string, { table: string; id?: string; same: [column: string, field: string][] }> = {
  'cashSession.open': {
    table: 'cash_session',
    id: 'cashSessionId',
    same: [
      ['opening_usd', 'openingFloat.usd'],
      ['opening_khr', 'openingFloat.khr'],
    ],
  },
  'cashSession.movement': { table: 'cash_movement', id: 'movementId', same: [['reason', 'reason']] },
  'cashSession.close': { table: 'cash_session', id: 'cashSessionId', same: [['counted_usd', 'counted.usd']] },
  'sale.finalize': { table: 'sale', id: 'saleId', same: [['policy_revision', 'policyRevision']] },
  'inventory.waste': { table: 'stock_entry', same: [['reason', 'reason']] },
  'attendance.startWork': { table: 'attendance', id: 'attendanceId', same: [] },
  'attendance.endWork': { table: 'attendance', id: 'attendanceId', same: [] },
  'operation.giveUp': { table: 'sync_operation', same: [] },
}

async function checkEffects(world: World, applied: readonly Intent[]): Promise<void> {
  for (const [type, intents] of Map.groupBy(applied, (each) => each.type)) {
    const { table, id, same } = marks[type]!
    const column = id ? 'id' : 'client_op_id'
    const idOf = ({ payload, clientOpId }: Intent) => (id ? payload[id] : clientOpId)
    const rows = await world.rows<{ [column: string]: unknown }>(
      `select * from ${table} where tenant_id = any($1) and ${column} = any($2::uuid[])`,
      [world.tenantIds, intents.map(idOf)],
    )
    const byId = new Map(rows.map((row) => [String(row[column]), row]))
    for (const intent of intents) {
      const row = byId.get(String(idOf(intent)).toLowerCase())
      const isThere =
        row?.tenant_id === intent.tenantId &&
        row?.branch_id === intent.branchId &&
        same.every(([column, field]) => String(row[column]) === String(at(intent.payload, field))) &&
        (type !== 'attendance.endWork' || row.status === 'COMPLETED')
      if (!isThere) throw new Broken('an operation that was applied has had its effect', { intent, row })
    }
  }
}

const at = (payload: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], payload)
