/** What whoever runs the gateway does with `npm run admin`, beside a gateway that runs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CommandError } from '../../src/admin/command.ts'
import { commands, execute, readCommand } from '../../src/admin/run.ts'
import { loadConfig } from '../../src/config.ts'
import { type Database, openDatabase } from '../../src/platform/database.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Gateway, operation, startGateway } from '../support/gateway.ts'

let database: TestDatabase
let db: Database
let gateway: Gateway

beforeAll(async () => {
  database = await createTestDatabase('tables')
  db = openDatabase({ url: database.url, poolSize: 2, statementTimeoutMs: 10_000, lockTimeoutMs: 5_000 })
  gateway = await startGateway({ databaseUrl: database.url })
})
afterAll(async () => {
  await gateway.close()
  await db.close()
  await database.drop()
})

async function admin(line: string, { pin, env = {} }: { pin?: string; env?: Record<string, string> } = {}) {
  const words = line.match(/"[^"]*"|\S+/g)!.map((word) => word.replaceAll('"', ''))
  const { done } = await execute(db, readCommand(words)!, { config: loadConfig(env), pin, at: new Date() })
  return done
}

/** Of an identity provider's gateway. */
const idp = { AUTH_JWKS_URL: 'https://idp/keys', AUTH_ISSUER: 'idp', AUTH_AUDIENCE: 'cafe' }

const refusal = (of: Promise<unknown>): Promise<CommandError> =>
  of.then(
    () => Promise.reject(new Error('it was not refused')),
    (error) => error,
  )

/** How many rows there are of everything that a command could write. */
const counted = async () =>
  (
    await db.everyTenant.rows<{ n: number }>(
      `select (select count(*) from tenant) + (select count(*) from member) + (select count(*) from branch)
         + (select count(*) from sync_change) + (select count(*) from audit_event) + (select count(*) from credential) as n`,
      [],
    )
  )[0]!.n

describe('an empty production database', () => {
  it('gets a tenant with its first administrator and branch, who sign in with the PIN that was shown, and sell', async () => {
    const line = 'tenant create brew --name "Brew & Co" --branch old-market --branch-name "Old Market"'
    const before = await counted()
    await admin(`${line} --dry-run`)
    expect(await counted()).toBe(before)

    const { said = [] } = await admin(line)
    const pin = /^PIN (\d{6}) /.exec(said.at(-1)!)![1]!
    const owner = await gateway.as('admin', { tenantId: 'brew', pin, deviceId: 'console-1' })
    const { changes } = await owner.pullAll({ branchId: 'old-market' })
    expect(changes.map(({ entityKind }) => entityKind).sort()).toEqual(['branch', 'policy', 'staffMember'])

    const made = await admin(
      'person add brew --code till-1 --name Dara --role CASHIER --branches old-market',
      {
        pin: '739205',
      },
    )
    expect(made.said!.join()).not.toContain('739205')
    const cashier = await gateway.as('till-1', { tenantId: 'brew', pin: '739205' })
    const opening = {
      cashSessionId: '0192f0c1-2a3b-7c4d-8e5f-000000000001',
      openingFloat: { usd: 0, khr: 0 },
    }
    const [opened] = await cashier.push([operation('cashSession.open', opening, { branchId: 'old-market' })])
    expect(opened).toMatchObject({ status: 'APPLIED' })
  })

  it('the same again, an id that nobody could type, or a PIN that anybody would guess is refused', async () => {
    expect(await refusal(admin('tenant create brew --name Brew'))).toMatchObject({ exitCode: 3 })
    expect(await refusal(admin('tenant create "a b" --name Brew'))).toMatchObject({ exitCode: 2 })
    // What could not be changed to it later is not begun with either.
    for (const wrong of [
      '--name ""',
      `--name ${'x'.repeat(101)}`,
      '--name Other --admin-code ""',
      `--name Other --admin-name ${'x'.repeat(101)}`,
      `--name Other --account ${'x'.repeat(129)}`,
    ])
      expect(await refusal(admin(`tenant create other ${wrong}`)), wrong).toMatchObject({ exitCode: 2 })
    for (const pin of ['0000', '1234', '987654', '121212', '123123'])
      expect(await refusal(admin('tenant create other --name Other', { pin }))).toMatchObject({ exitCode: 3 })
    expect(await refusal(admin('tenant create other --name Other', { pin: 'abcd' }))).toMatchObject({
      exitCode: 2,
    })
  })

  it('with an identity provider nobody gets a PIN, and the provider’s id is asked for', async () => {
    const without = await refusal(admin('tenant create idp --name Other', { env: idp }))
    expect([without.exitCode, without.message]).toEqual([2, expect.stringContaining('--account')])
    const { said } = await admin('tenant create idp --name Other --account auth0|7', { env: idp })
    expect(said!.join()).not.toContain('PIN')
    expect(await admin('person list idp')).toMatchObject({ rows: [{ account: 'auth0|7', role: 'ADMIN' }] })
  })
})

describe('a tenant in work', () => {
  const [first] = [{ deviceId: 'till-1', tenantId: 'brew', pin: '739205' }]

  it('a new PIN ends what was signed in; a weak one is refused to members as well', async () => {
    const before = await gateway.as('till-1', first)
    await admin('person pin brew till-1', { pin: '840216' })
    await expect(before.pullAll({ branchId: 'old-market' })).rejects.toThrow('UNAUTHENTICATED')
    const owner = await ownerOf()
    expect(
      await owner.direct('staffSave', { accountId: 'brew-admin', pin: '111111' }, { branchId: null }),
    ).toMatchObject({ status: 'REJECTED', code: 'PAYLOAD_INVALID' })
  })

  it('people change, come and go; the last administrator does not', async () => {
    await admin('person change brew till-1 --role MANAGER --name "Dara M"', {})
    expect(await refusal(admin('person change brew till-1 --role BOSS'))).toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/^PAYLOAD_INVALID: [^[]*payload\.role — [^[]*$/),
    })
    expect(await refusal(admin('person change brew till-1'))).toMatchObject({ exitCode: 2 })
    await admin('person revoke brew till-1')
    await expect(gateway.as('till-1', { ...first, pin: '840216' })).rejects.toThrow('UNAUTHENTICATED')
    await admin('person restore brew till-1')
    await gateway.as('till-1', { ...first, pin: '840216' })
    const last = await refusal(admin('person revoke brew admin'))
    expect([last.exitCode, last.message]).toEqual([3, expect.stringContaining('LAST_ADMIN')])
    expect(await refusal(admin('person revoke brew nobody'))).toMatchObject({ exitCode: 3 })
  })

  it('branches open to the administrators, freeze and go on; devices are shut out and let in', async () => {
    await admin('branch add brew riverside --name Riverside')
    expect(await refusal(admin('branch add brew riverside --name Riverside'))).toMatchObject({ exitCode: 3 })
    await admin('branch freeze brew riverside')
    const owner = await ownerOf()
    const restock = { stockItemId: 'beans', name: 'Beans', unit: 'G', quantity: 5, reason: 'delivery' }
    expect(await owner.direct('inventoryRestock', restock)).toMatchObject({ code: 'BRANCH_FROZEN' })
    await admin('branch unfreeze brew riverside')
    expect(await owner.direct('inventoryRestock', restock)).toMatchObject({ status: 'APPLIED' })

    const signedIn = await gateway.as('till-1', { ...first, pin: '840216' })
    await admin('device shut-out brew till-1 --reason stolen')
    await expect(signedIn.pullAll({ branchId: 'old-market' })).rejects.toThrow('DEVICE_SHUT_OUT')
    expect((await admin('device let-in brew till-1')).said).toEqual(['till-1 is let in'])
    // Of one that is mistyped nobody would know that it still is let in.
    for (const [line, done] of [
      ['device shut-out brew till-11', 'till-11 is shut out'],
      ['device let-in brew till-11', 'till-11 is let in'],
      ['device approve brew till-11', 'till-11 is let into the business'],
    ])
      expect((await admin(line!)).said).toEqual([
        done,
        expect.stringContaining('nothing ever came from till-11'),
      ])
    // Also one that has signed in and no more.
    await gateway.as('till-1', { ...first, pin: '840216', deviceId: 'tablet-9' })
    expect((await admin('device list brew')).rows!.map(({ device }) => device)).toEqual(
      expect.arrayContaining(['till-1', 'till-11', 'tablet-9']),
    )
  })

  it('is renamed, frozen and let go on; a new epoch and a rebuilt stream reset every cursor', async () => {
    await admin('tenant rename brew --name Brewery')
    await admin('tenant freeze brew')
    expect((await admin('tenant list')).rows).toContainEqual(
      expect.objectContaining({ tenant: 'brew', name: 'Brewery', status: 'FROZEN' }),
    )
    await admin('tenant unfreeze brew')

    const owner = await ownerOf()
    const { cursor, changes } = await owner.pullAll()
    await admin('epoch brew riverside')
    expect(await owner.pull({ cursor })).toMatchObject({ reason: 'STREAM_RESET' })
    const again = await owner.pullAll()
    await admin('rebuild brew')
    expect(await owner.pull({ cursor: again.cursor })).toMatchObject({ reason: 'STREAM_RESET' })
    const entities = (of: typeof changes) =>
      of.map(({ entityKind, entityId }) => `${entityKind} ${entityId}`).sort()
    expect(entities((await owner.pullAll()).changes)).toEqual(entities(changes))
    expect(await admin('retention')).toMatchObject({
      said: [expect.stringMatching(/^0 changes/), expect.stringMatching(/^0 payloads/)],
    })
  })

  it('whatever is done is in the audit trail, by the operator', async () => {
    const rows = await db.everyTenant.rows<{ name: string }>(
      "select distinct name from audit_event where tenant_id = 'brew' and actor_id = 'operator'",
      [],
    )
    expect(rows.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'BRANCH_SAVED',
        'STAFF_SAVED',
        'DEVICE_SHUT_OUT',
        'TENANT_FROZEN',
        'TENANT_SAVED',
      ]),
    )
  })

  it('a dry run of every command that writes changes nothing', async () => {
    const before = await counted()
    for (const line of [
      'person add brew --code x --name X --role STAFF',
      'person pin brew till-1',
      'person change brew till-1 --name Y',
      'branch add brew x --name X',
      'branch freeze brew riverside',
      'device shut-out brew till-1',
      'tenant freeze brew',
      'rebuild brew',
      'retention',
      'export brew --folder /nowhere',
    ])
      await admin(`${line} --dry-run`)
    expect(await counted()).toBe(before)
    expect((await admin('tenant list')).rows).toContainEqual(
      expect.objectContaining({ tenant: 'brew', status: 'ACTIVE' }),
    )
  })

  async function ownerOf() {
    const { said = [] } = await admin('person pin brew admin')
    return gateway.as('admin', {
      tenantId: 'brew',
      deviceId: 'console-1',
      pin: /^PIN (\d+)/.exec(said[1]!)![1]!,
    })
  }
})

describe('what is not understood', () => {
  it.each([
    'fly',
    'tenant',
    'tenant create',
    'tenant create a',
    'tenant create a b --name A',
    'tenant list --name A',
    'person add brew --code x',
    'branch add brew x --name X --nonsense 1',
  ])('%s', (line) => {
    expect(() => readCommand(line.split(' '))).toThrow(expect.objectContaining({ exitCode: 2 }))
  })

  it('no words, or --help, is for help; every command is in it', () => {
    expect(readCommand([])).toBeNull()
    expect(readCommand(['person', 'add', '--help'])).toBeNull()
    expect(Object.keys(commands).length).toBeGreaterThan(15)
  })
})
