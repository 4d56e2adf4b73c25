/** The way down, and up again. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { movement, openSession, sale } from '../support/cafe.ts'
import { ofEveryTenant } from '../support/every-tenant.ts'
import { clientsOf } from '../support/gateway.ts'
import { listen } from '../support/listen.ts'
import { lockWaiters } from '../support/waiting.ts'
import { embeddedIn, isAlive, newFolder, run, start, usedFolder } from './process.ts'

const nudges = 'subscription { syncNudge(tenantId: "demo", branchId: "riverside") { headSeq } }'

/** Resolves once nobody listens at the address any more. */
async function refused(url: string): Promise<void> {
  await expect
    .poll(
      () =>
        fetch(`${url}/healthz`).then(
          () => 'answered',
          () => 'refused',
        ),
      { interval: 20, timeout: 30_000 },
    )
    .toBe('refused')
}

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  it('lets a push finish, closes sockets with 1001, stops the database, and is exit code 0', async () => {
    const folder = await usedFolder()
    const { url, child, ended } = await run({ DATA_DIR: folder })
    const cashier = await clientsOf(`${url}/graphql`).as('cashier-1')
    const opening = openSession()
    const { cashSessionId } = opening.payload as { cashSessionId: string }
    await cashier.push([opening])
    const socket = listen(cashier, nudges)
    await socket.connected
    const database = embeddedIn(folder)

    // Somebody has the branch, so that the push is in the middle when the signal comes.
    const holder = new pg.Client(ofEveryTenant(database.url))
    holder.on('error', () => {})
    await holder.connect()
    await holder.query('begin')
    await holder.query(
      "select 1 from sync_stream where tenant_id = 'demo' and branch_id = 'riverside' for update",
    )
    const pushing = cashier.push([movement(cashSessionId), movement(cashSessionId)])
    await lockWaiters(database.url, 1)
    child.kill(signal)
    expect(await socket.closed).toBe(1001)
    await refused(url)
    await holder.query('rollback')
    await holder.end()

    expect(await pushing).toMatchObject([{ status: 'APPLIED' }, { status: 'APPLIED' }])
    expect((await ended).code).toBe(0)
    expect(isAlive(database.pid)).toBe(false)
    expect(existsSync(join(folder, 'postgres/postmaster.pid'))).toBe(false)
  })
})

it('a signal while it starts stops what has been started, and is exit code 0', async () => {
  const folder = await newFolder()
  const { child, ended } = start({ DATA_DIR: folder })
  const pidFile = join(folder, 'postgres/postmaster.pid')
  await expect.poll(() => existsSync(pidFile), { interval: 5, timeout: 60_000 }).toBe(true)
  const { pid } = embeddedIn(folder)
  child.kill('SIGTERM')
  expect((await ended).code).toBe(0)
  expect(isAlive(pid)).toBe(false)
})

it('a second signal does not wait for what is in flight', async () => {
  const folder = await usedFolder()
  const { url, child, ended } = await run({ DATA_DIR: folder })
  const cashier = await clientsOf(`${url}/graphql`).as('cashier-1')
  const { pid, url: databaseUrl } = embeddedIn(folder)
  const holder = new pg.Client(ofEveryTenant(databaseUrl))
  holder.on('error', () => {})
  await holder.connect()
  await holder.query('begin')
  await holder.query(
    "select 1 from sync_stream where tenant_id = 'demo' and branch_id = 'riverside' for update",
  )
  const pushing = cashier.push([openSession()]).catch(() => 'cut off')
  child.kill('SIGTERM')
  await refused(url)
  child.kill('SIGTERM')
  const { code } = await ended
  expect(code).not.toBe(0)
  expect(await pushing).toBe('cut off')
  await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false)
})

it('a second start goes on where the first one stopped, and seeds nothing twice', async () => {
  const folder = await newFolder()
  const first = await run({ DATA_DIR: folder })
  const opening = openSession()
  const { cashSessionId } = opening.payload as { cashSessionId: string }
  const day = [opening, sale(cashSessionId), sale(cashSessionId)]
  const before = await clientsOf(`${first.url}/graphql`).as('cashier-1')
  const applied = await before.push(day)
  expect(applied.map(({ status }) => status)).toEqual(['APPLIED', 'APPLIED', 'APPLIED'])
  const { changes, cursor } = await before.pullAll()
  expect((await first.stop()).code).toBe(0)

  const second = await run({ DATA_DIR: folder })
  const { withToken } = clientsOf(`${second.url}/graphql`)
  // The token still holds: the key that signed it is kept, too.
  const after = withToken(before.token)
  expect(await after.push(day)).toEqual(applied.map((result) => ({ ...result, duplicate: true })))
  expect(await after.pull({ cursor })).toMatchObject({ changes: [], hasMore: false, nextCursor: cursor })
  expect((await after.pullAll()).changes).toEqual(changes)
  expect(await after.push([sale(cashSessionId)])).toMatchObject([{ result: { receiptNumber: 3 } }])
  await second.stop()
})

it('a gateway that was killed has lost nothing that it answered', async () => {
  const folder = await usedFolder()
  const first = await run({ DATA_DIR: folder })
  const cashier = await clientsOf(`${first.url}/graphql`).as('cashier-1')
  const opening = openSession()
  const [applied] = await cashier.push([opening])
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')

  const second = await run({ DATA_DIR: folder })
  const after = clientsOf(`${second.url}/graphql`).withToken(cashier.token)
  expect(await after.push([opening])).toEqual([{ ...applied, duplicate: true }])
  await second.stop()
})
