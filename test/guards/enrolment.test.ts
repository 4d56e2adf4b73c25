/** Devices that are let into a business: only where it says so, by a manager or by a code, and each once (docs/protocol.md). */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { inviteMs } from '../../src/modules/access/contract.ts'
import { noteRequest } from '../../src/modules/access/enrolment.ts'
import { openSession, startWork } from '../support/cafe.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let manager: Client
let known: Client
beforeAll(async () => {
  gateway = await startGateway()
  const admin = await gateway.as('admin', { deviceId: 'office' })
  manager = await gateway.as('manager', { deviceId: 'desk' })
  known = await gateway.as('cashier-1', { deviceId: 'known' })
  await admin.direct('tenantSave', { deviceEnrolment: 'APPROVED' }, { branchId: null })
})
afterAll(() => gateway?.close())

const mutation = 'mutation ($input: SignInInput!) { signIn(input: $input) { token } }'
/** What signing in on a device comes to. */
async function signIn(deviceId: string, more: object = {}): Promise<string> {
  const input = { tenantId: 'demo', staffCode: 'cashier-2', pin: '1234', deviceId, ...more }
  const { errors } = await gateway.withToken(null).send(mutation, { input })
  const [error] = errors ?? []
  return error ? String(error.extensions.reason ?? error.extensions.code) : 'IN'
}
let codes = 0
let code: string
const invite = (enrolmentCode: string, client = manager, name?: string) =>
  client.direct('deviceInvite', { enrolmentCode, ...(name ? { name } : {}) }, { branchId: null })
const requests = async () =>
  (
    await manager.data<{ deviceRequests: { deviceId: string; accountId: string }[] }>(
      '{ deviceRequests(tenantId: "demo") { deviceId accountId } }',
    )
  ).deviceRequests
/** Tries of PINs begin anew, so that no test waits for another's. */
beforeEach(async () => {
  await gateway.app.db.everyTenant.run('delete from sign_in_try', [])
  codes += 1
  code = `QWERTY${codes}X`.replace('1', '9')
})

it('a device that was known stays in; another is told, asked about, and in once a manager lets it in', async () => {
  expect((await known.push([startWork()]))[0]).toMatchObject({ status: 'APPLIED' })
  expect(await signIn('known')).toBe('IN')
  const deviceId = randomUUID()
  expect(await signIn(deviceId, { pin: '0000' })).toBe('UNAUTHENTICATED')
  expect(await requests()).toEqual([])
  expect(await signIn(deviceId)).toBe('DEVICE_NOT_ENROLLED')
  expect(await requests()).toEqual([{ deviceId, accountId: 'demo-cashier-2' }])
  // Being refused is no sign-in: it is as unknown as before.
  expect(await signIn(deviceId)).toBe('DEVICE_NOT_ENROLLED')
  const approve = (name: string) => manager.direct('deviceApprove', { deviceId, name }, { branchId: null })
  expect(await approve('Till 3')).toMatchObject({ status: 'APPLIED' })
  expect(await requests()).toEqual([])
  expect(await signIn(deviceId)).toBe('IN')
  const { deviceNames } = await manager.data<{ deviceNames: { edges: { node: object }[] } }>(
    '{ deviceNames(tenantId: "demo") { edges { node { deviceId name } } } }',
  )
  expect(deviceNames.edges.map(({ node }) => node)).toContainEqual({ deviceId, name: 'Till 3' })
})

it('is asked for on twenty devices of one person at most, the latest: nobody hides what others ask for', async () => {
  const of = (accountId: string) => async (at: number) => {
    const deviceId = `${accountId}-${at}`
    await noteRequest(gateway.app.db.tenant('demo'), {
      ...{ tenantId: 'demo', deviceId, accountId },
      at: new Date(Date.now() + at),
    })
  }
  await of('demo-cashier-1')(0)
  for (let at = 1; at <= 25; at += 1) await of('demo-cashier-2')(at)
  const asked = (await requests()).map(({ deviceId }) => deviceId).filter((id) => id.startsWith('demo-'))
  expect(asked).toEqual([
    ...Array.from({ length: 20 }, (_, i) => `demo-cashier-2-${25 - i}`),
    'demo-cashier-1-0',
  ])
  await gateway.app.db.everyTenant.run('delete from device_request', [])
})

it('revoked, it is shut out and keeps its queue; let in again, it sends it', async () => {
  const deviceId = randomUUID()
  await manager.direct('deviceApprove', { deviceId }, { branchId: null })
  const till = await gateway.as('cashier-1', { deviceId })
  await manager.direct('deviceShutOut', { deviceId, reason: 'stolen' }, { branchId: null })
  expect(await signIn(deviceId)).toBe('DEVICE_SHUT_OUT')
  const input = { tenantId: 'demo', deviceId, operations: [openSession()] }
  const { errors } = await till.send(till.pushMutation, { input })
  expect(errors![0]!.extensions).toEqual({ code: 'FORBIDDEN', reason: 'DEVICE_SHUT_OUT' })
  await manager.direct('deviceLetIn', { deviceId }, { branchId: null })
  const again = await gateway.as('cashier-1', { deviceId })
  expect((await again.push(input.operations))[0]).toMatchObject({ status: 'APPLIED' })
})

describe('a code', () => {
  it('lets one device in, once, however it was typed; in the name of whoever made it, as the trail says', async () => {
    const [first, second] = [randomUUID(), randomUUID()]
    expect(await invite(code, manager, 'Till 4')).toMatchObject({ status: 'APPLIED' })
    const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `
    const both = await Promise.all([first, second].map((id) => signIn(id, { enrolmentCode: typed })))
    expect(both.sort()).toEqual(['ENROLMENT_CODE_WRONG', 'IN'])
    expect(await signIn(randomUUID(), { enrolmentCode: code })).toBe('ENROLMENT_CODE_WRONG')
    const admin = await gateway.as('admin', { deviceId: 'office' })
    const { auditEvents } = await admin.data<{ auditEvents: { edges: { node: object }[] } }>(
      `{ auditEvents(tenantId: "demo", name: "DEVICE_APPROVED", first: 1) { edges { node { actorId data } } } }`,
    )
    expect(auditEvents.edges[0]!.node).toMatchObject({
      actorId: 'demo-manager',
      data: { byCode: true, name: 'Till 4' },
    })
  })

  it('is good for a quarter of an hour, and takes the place of the one before', async () => {
    await invite(code)
    const expireIn = (ms: number) =>
      gateway.app.db.everyTenant.run("update device_invite set expires_at = now() + $1 * interval '1 ms'", [
        ms,
      ])
    const [made] = await gateway.app.db.everyTenant.rows<{ ms: number }>(
      'select extract(epoch from expires_at - now()) * 1000 as ms from device_invite where used_by is null',
      [],
    )
    expect(Math.abs(Number(made!.ms) - inviteMs)).toBeLessThan(60_000)
    await expireIn(-1)
    expect(await signIn(randomUUID(), { enrolmentCode: code })).toBe('ENROLMENT_CODE_WRONG')
    await expireIn(60_000)
    await invite('JKLM6789')
    expect(await signIn(randomUUID(), { enrolmentCode: code })).toBe('ENROLMENT_CODE_WRONG')
    expect(await signIn(randomUUID(), { enrolmentCode: 'JKLM6789' })).toBe('IN')
  })

  it('is nowhere to be read, and no weak one is made', async () => {
    await invite(code)
    const { db } = gateway.app
    const kept = [
      await db.everyTenant.rows(
        `select payload, payload_hash from sync_operation where type = 'device.invite'`,
        [],
      ),
      await db.everyTenant.rows('select * from device_invite', []),
      await db.everyTenant.rows(`select data from audit_event where name = 'DEVICE_INVITED'`, []),
    ]
    expect(kept.map(({ length }) => length)).not.toContain(0)
    expect(JSON.stringify(kept)).not.toContain(code)
    expect(await invite('AAAABBBB')).toMatchObject({ code: 'PAYLOAD_INVALID' })
    expect(await invite('ABCD234')).toMatchObject({ code: 'PAYLOAD_INVALID' })
    expect(await invite(code, known)).toMatchObject({ code: 'ACTION_NOT_PERMITTED' })
  })

  it('of another business, or of somebody who may not let devices in any more, lets nobody in', async () => {
    const rival = await gateway.as('admin', { tenantId: 'rival', deviceId: 'rival-desk' })
    await rival.direct('deviceInvite', { enrolmentCode: code }, { branchId: null })
    expect(await signIn(randomUUID(), { enrolmentCode: code })).toBe('ENROLMENT_CODE_WRONG')
    const admin = await gateway.as('admin', { deviceId: 'office' })
    await invite(code)
    const role = (role: string) =>
      admin.direct('staffSave', { accountId: 'demo-manager', role }, { branchId: null })
    await role('CASHIER')
    expect(await signIn(randomUUID(), { enrolmentCode: code })).toBe('ENROLMENT_CODE_WRONG')
    await role('MANAGER')
  })

  it('that is wrong counts as a wrong PIN does: the sixth is not looked at, right or wrong', async () => {
    const deviceId = randomUUID()
    await invite(code)
    for (let i = 0; i < 5; i += 1)
      expect(await signIn(deviceId, { enrolmentCode: 'WRNG2345' })).toBe('ENROLMENT_CODE_WRONG')
    expect(await signIn(deviceId, { enrolmentCode: code })).toBe('TOO_MANY_ATTEMPTS')
  })
})

it('open again, any device may sign in, and stays when they are enrolled once more', async () => {
  const admin = await gateway.as('admin', { deviceId: 'office' })
  const enrolment = (deviceEnrolment: string) =>
    admin.direct('tenantSave', { deviceEnrolment }, { branchId: null })
  const deviceId = randomUUID()
  expect(await signIn(deviceId)).toBe('DEVICE_NOT_ENROLLED')
  await enrolment('OPEN')
  expect(await signIn(deviceId)).toBe('IN')
  await enrolment('APPROVED')
  expect(await signIn(deviceId)).toBe('IN')
  expect(await signIn(randomUUID())).toBe('DEVICE_NOT_ENROLLED')
})
