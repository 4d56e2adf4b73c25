/**
 * What the model test plays with: one gateway that can be restarted, and for each run two cafés of its own with
 * their people, and devices that lose their network, their power, and their minds.
 */
import { importJWK, SignJWT } from 'jose'
import type { Context, Json } from '../../../client/sdk/words.ts'
import { createTenant } from '../../../src/admin/create-tenant.ts'
import { hashPin } from '../../../src/modules/access/pin.ts'
import type { Role } from '../../../src/modules/access/roles.ts'
import { registry } from '../../../src/modules/index.ts'
import { push } from '../../../src/sync/push.ts'
import { purge } from '../../../src/sync/retention.ts'
import { rebuildStream } from '../../../src/sync/stream.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { type Client, type Gateway, operation, startGateway } from '../../support/gateway.ts'
import { asNow } from '../../support/streams.ts'
import { backUp, restore } from '../../support/tenant-backup.ts'
import { cafes, type Step } from './cafes.ts'
import { Device } from './device.ts'
import { chance, FaultyNetwork } from './faulty-network.ts'

/** Small numbers, so that a few operations make several batches, chunks and pages. */
const env = { MAX_BATCH: '5', PUSH_CHUNK: '2', FEED_RETENTION_DAYS: '1', TOMBSTONE_RETENTION_DAYS: '1' }

const hour = 3_600_000

type Clock = { daysOn: number }
const timeOf = ({ daysOn }: Clock) => new Date(Date.now() + daysOn * 24 * hour)

/** Of everybody's PIN, made once: it takes its time. */
const pinHash = hashPin('1234')

/** A real gateway on a database of its own, which comes back at the same address. */
export class RestartableGateway {
  readonly database: TestDatabase
  #gateway: Gateway
  readonly #signingKey: Parameters<typeof importJWK>[0]
  /** How far its clock is ahead. */
  readonly clock: Clock

  static async start(): Promise<RestartableGateway> {
    const database = await createTestDatabase()
    const clock: Clock = { daysOn: 0 }
    const gateway = await startGateway({ databaseUrl: database.url, env, clock: () => timeOf(clock) })
    const { jwk } = await gateway.app.db.own.prisma.signingKey.findUniqueOrThrow({ where: { id: 'own' } })
    return new RestartableGateway(database, gateway, jwk as Parameters<typeof importJWK>[0], clock)
  }

  private constructor(
    database: TestDatabase,
    gateway: Gateway,
    signingKey: Parameters<typeof importJWK>[0],
    clock: Clock,
  ) {
    this.clock = clock
    this.database = database
    this.#gateway = gateway
    this.#signingKey = signingKey
  }

  get url(): string {
    return this.#gateway.url
  }

  get app(): Gateway['app'] {
    return this.#gateway.app
  }

  client(token: string, tenantId: string): Client {
    return this.#gateway.withToken(token, { tenantId, deviceId: 'office' })
  }

  /** `meanwhile`: what is done while it is away. */
  async restart(meanwhile = async () => {}): Promise<void> {
    const { port } = new URL(this.url)
    await this.#gateway.app.close()
    await meanwhile()
    const clock = () => timeOf(this.clock)
    this.#gateway = await startGateway({ databaseUrl: this.database.url, env: { ...env, PORT: port }, clock })
  }

  now(): Date {
    return timeOf(this.clock)
  }

  /** Forgets what is old, as it does once an hour. */
  async cleanUp(): Promise<void> {
    await purge(this.app.db, { tombstoneDays: 1, feedDays: 1 }, this.now())
  }

  async close(): Promise<void> {
    await this.#gateway.app.close()
    await this.database.drop()
  }

  /** As the gateway makes them when somebody signs in. */
  async tokenOf(accountId: string, tenant: string, device: string, expiresAt: Date): Promise<string> {
    return new SignJWT({ tenant, device, mg: 0, dg: 0 })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setSubject(accountId)
      .setIssuer('modula-sync')
      .setAudience('modula-sync')
      .setExpirationTime(expiresAt)
      .sign(await importJWK(this.#signingKey, 'EdDSA'))
  }
}

/** Who works where. `token`: whose token the device has when this person works, where not their own. */
export const posts = [
  { cafe: 'demo', branchId: 'riverside', actorId: 'cashier-1' },
  { cafe: 'demo', branchId: 'riverside', actorId: 'manager' },
  { cafe: 'demo', branchId: 'riverside', actorId: 'barista', token: 'cashier-1' },
  { cafe: 'demo', branchId: 'market', actorId: 'cashier-2' },
  { cafe: 'demo', branchId: 'market', actorId: 'manager' },
  { cafe: 'rival', branchId: 'stall', actorId: 'rival-cashier' },
] as const
export type Post = (typeof posts)[number]

/** What became of an intent that was given to a client. */
export type Intent = {
  clientOpId: string
  type: string
  tenantId: string
  branchId: string
  actorId: string
  payload: { [name: string]: Json }
  /** The name of the tablet on which it was performed. */
  device?: string
}

export class World {
  readonly gateway: RestartableGateway
  readonly network: FaultyNetwork
  readonly devices: Device[] = []
  /** Everything that a queue has taken, by key. */
  readonly performed = new Map<string, Intent>()
  /** Keys that are in more than one queue. */
  readonly copied = new Set<string>()
  /** Keys of direct mutations of which the client has said that they were certainly not done. */
  readonly neverSent = new Set<string>()
  /** Devices that broke for good. */
  readonly broken: Device[] = []
  readonly log: string[] = []
  /** A day or more has passed: what was finished before is forgotten, here and there sooner. */
  hasAged = false
  /** The server has forgotten what came since the last backup. */
  hasRestored = false
  /** At the last backup. */
  #rolesThen: ReadonlyMap<string, Role> = new Map()
  /** Whose PIN was mistyped. */
  readonly mistyped = new Set<string>()
  /** By account, where they are others than at the beginning. */
  roles = new Map<string, Role>()
  /** Who works in another branch than at the beginning. */
  readonly moved = new Set<string>()
  readonly #cafes: Record<Post['cafe'], string>
  /** The administrators' tokens. */
  readonly #offices = new Map<Post['cafe'], string>()
  #tokensGiven = 0

  static async open(gateway: RestartableGateway, name: string, seed: number): Promise<World> {
    const world = new World(gateway, name, seed)
    await world.#openCafes()
    for (const [i, post] of [posts[0], posts[1], posts[3]].entries()) {
      // The second is looked at in two tabs.
      const device = await Device.open(world, `till-${i + 1}`, post, {
        windows: i === 1 ? 2 : 1,
        byPin: chance(seed, 'by PIN', i) < 0.4,
      })
      world.devices.push(device)
      await device.client.sync()
    }
    await world.backUp()
    world.network.severity = 0.3
    return world
  }

  private constructor(gateway: RestartableGateway, name: string, seed: number) {
    this.gateway = gateway
    gateway.clock.daysOn = 0
    this.#cafes = { demo: `demo-${name}`, rival: `rival-${name}` }
    this.network = new FaultyNetwork({ seed, severity: 0, trace: (text) => this.note(`    ${text}`) })
  }

  readonly #opened = Date.now()

  note(text: string): void {
    this.log.push(`${String(Date.now() - this.#opened).padStart(6)} ${text}`)
  }

  tenantOf(cafe: Post['cafe']): string {
    return this.#cafes[cafe]
  }

  get tenantIds(): string[] {
    return Object.values(this.#cafes)
  }

  contextOf({ cafe, branchId, actorId }: Post): Context {
    return { tenantId: this.tenantOf(cafe), branchId, actorId }
  }

  postOf({ tenantId, branchId, actorId }: Context): Post {
    return posts.find(
      (post) =>
        this.tenantOf(post.cafe) === tenantId && post.branchId === branchId && post.actorId === actorId,
    )!
  }

  /** Of this account; while the network is bad it may have run out, or there is none. */
  async tokenFor(
    post: Post,
    accountId: string,
    refused: string | null,
    deviceId: string,
  ): Promise<string | null> {
    const token = (expiresAt: Date) =>
      this.gateway.tokenOf(accountId, this.tenantOf(post.cafe), deviceId, expiresAt)
    if (refused === null && this.network.severity > 0) {
      this.#tokensGiven += 1
      const point = chance(this.network.seed, 'token', this.#tokensGiven)
      if (point < 0.03) return token(new Date(this.#opened - hour))
      if (point < 0.05) return null
    }
    return token(new Date(this.#opened + hour))
  }

  /** The administrator's own client, on a good line. */
  office(cafe: Post['cafe']): Client {
    return this.gateway.client(this.#offices.get(cafe)!, this.tenantOf(cafe))
  }

  rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return this.gateway.app.db.everyTenant.rows<Row>(sql, values)
  }

  async passADay(): Promise<void> {
    // A restore finds with the tills what they confirmed in the last three.
    if (this.hasRestored && this.gateway.clock.daysOn > 1) return
    this.hasAged = true
    for (const device of [...this.devices, ...this.broken]) await device.givenUp()
    this.gateway.clock.daysOn += 1.05
    await this.gateway.cleanUp()
  }

  /** What somebody saw they may not see any more, perhaps. */
  get hasNewRights(): boolean {
    return this.roles.size > 0 || this.moved.size > 0 || this.hasRestored
  }

  async backUp(): Promise<void> {
    await backUp(this.gateway.database.superuserUrl, this.tenantIds)
    this.#rolesThen = new Map(this.roles)
  }

  /**
   * The disaster drill (docs/operations.md). A backup of before the last days is of no use to this test: what was
   * confirmed is kept for three of them.
   */
  async restore(): Promise<void> {
    if (this.hasAged) return
    const devices = [...this.devices, ...this.broken]
    for (const device of devices) await device.givenUp()
    await this.gateway.restart(() => restore(this.gateway.database.superuserUrl, this.tenantIds))
    this.roles = new Map(this.#rolesThen)
    this.hasRestored = true
    // People sign in again where the backup does not know that they did.
    for (const { id } of devices) await this.welcome(id)
  }

  async move(accountId: string, branchIds: readonly string[]): Promise<void> {
    this.moved.add(accountId)
    await this.office('demo').direct('staffSave', { accountId, branchIds }, { branchId: null })
  }

  /** Everybody works where they did at the beginning. */
  async moveBack(): Promise<void> {
    for (const accountId of this.moved)
      await this.move(
        accountId,
        posts.filter((post) => post.actorId === accountId).map(({ branchId }) => branchId),
      )
  }

  roleOf(accountId: string): Role {
    return (
      this.roles.get(accountId) ??
      (accountId === 'manager' ? 'MANAGER' : accountId === 'barista' ? 'STAFF' : 'CASHIER')
    )
  }

  /** As `npm run streams:rebuild` does. */
  async rebuildStreams(cafe: Post['cafe']): Promise<void> {
    const tenantId = this.tenantOf(cafe)
    const streams = await this.rows<{ branchId: string }>(
      `select branch_id as "branchId" from sync_stream where tenant_id = $1 and branch_id <> '' order by branch_id`,
      [tenantId],
    )
    for (const { branchId } of streams)
      await this.gateway.app.db
        .tenant(tenantId)
        .transaction((tx) => rebuildStream(tx, registry, tenantId, branchId, asNow()))
  }

  /** Whoever is known here may hand in work of theirs from this device. */
  async welcome(deviceId: string): Promise<void> {
    await this.gateway.app.db.everyTenant.run(
      `insert into device_sign_in (tenant_id, device_id, account_id, signed_in_at)
       select tenant_id, $2, account_id, now() from member where tenant_id = any($1) on conflict do nothing`,
      [this.tenantIds, deviceId],
    )
  }

  async close(): Promise<void> {
    for (const device of [...this.devices, ...this.broken]) await device.close()
  }

  async #openCafes(): Promise<void> {
    for (const cafe of ['demo', 'rival'] as const) {
      const tenantId = this.tenantOf(cafe)
      const accountId = cafe === 'demo' ? 'admin' : 'rival-admin'
      const inAnHour = new Date(this.#opened + hour)
      this.#offices.set(cafe, await this.gateway.tokenOf(accountId, tenantId, 'office', inAnHour))
      await createTenant(this.gateway.app.db.tenant(tenantId), tenantId, cafe, {
        accountId,
        staffCode: 'admin',
        name: 'Chanthou',
        pin: '1234',
      })
      const [branches, rest] = cafes[cafe]
      await this.#setUp(tenantId, accountId, branches)
      await this.#setUp(tenantId, accountId, rest)
    }
    await this.gateway.app.db.everyTenant.run(
      `insert into credential (tenant_id, account_id, pin_hash)
       select tenant_id, account_id, $2 from member where tenant_id = any($1) on conflict do nothing`,
      [this.tenantIds, await pinHash],
    )
  }

  async #setUp(tenantId: string, accountId: string, steps: readonly Step[]): Promise<void> {
    const operations = steps.map(([type, branchId, payload]) => {
      const { occurredAt, ...rest } = operation(type, payload, { branchId })
      return { ...rest, occurredAt: new Date(occurredAt) }
    })
    const { engine } = this.gateway.app.services
    const verdicts = await push(engine, { tenantId, deviceId: null, accountId, lane: 'DIRECT', operations })
    const refused = verdicts.find(({ status }) => status !== 'APPLIED')
    if (refused) throw new Error(`no café: ${refused.code} ${refused.message}`)
  }
}
