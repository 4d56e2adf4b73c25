/**
 * A gateway with the demo café and everybody who knocks at it: the people of riverside, and those who must be
 * turned away.
 */
import { randomUUID } from 'node:crypto'
import { importJWK, type JWTPayload, SignJWT } from 'jose'
import type { Role } from '../../src/modules/access/roles.ts'
import { type Client, type Gateway, startGateway } from './gateway.ts'

export type People = {
  gateway: Gateway
  /** One of each role, all assigned to riverside. */
  by: Record<Role, Client>
  /** An ADMIN of the same tenant who is assigned to market alone. */
  elsewhere: Client
  /** Was an ADMIN of riverside, and is not any more; the token is still good. */
  revoked: Client
  /** The ADMIN of riverside on a device that was shut out. */
  shutOut: Client
  /** An ADMIN of riverside whose PIN was changed since. */
  outdated: Client
  /** An ADMIN of the other tenant. */
  rival: Client
  /** The ADMIN of riverside with a token that ran out. */
  expired: Client
  nobody: Client
}

/** A token as the gateway makes them, of any account and any end; `claims` beside or instead of the usual ones. */
export async function forgeToken(
  { app }: Gateway,
  accountId: string,
  expiresAt: Date,
  claims: JWTPayload = {},
): Promise<string> {
  const { jwk } = await app.db.own.prisma.signingKey.findUniqueOrThrow({ where: { id: 'own' } })
  return new SignJWT({ tenant: 'demo', device: 'till-1', mg: 0, dg: 0, ...claims })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject(accountId)
    .setIssuer('modula-sync')
    .setAudience('modula-sync')
    .setExpirationTime(expiresAt)
    .sign(await importJWK(jwk as Parameters<typeof importJWK>[0], 'EdDSA'))
}

type Hired = { role: Role; branchIds: string[]; accountId?: string }

/** Adds a person, PIN 1234. */
export async function employ(admin: Client, staffCode: string, person: Hired): Promise<void> {
  const accountId = `demo-${staffCode}`
  const saved = await admin.direct(
    'staffSave',
    { accountId, staffCode, name: staffCode, pin: '1234', ...person },
    { branchId: null },
  )
  if (saved.status !== 'APPLIED') throw new Error(`${staffCode} was not hired: ${saved.code}`)
}

/** Adds a person, PIN 1234, and signs them in. */
export async function hire(
  gateway: Gateway,
  admin: Client,
  staffCode: string,
  person: Hired,
): Promise<Client> {
  await employ(admin, staffCode, person)
  return gateway.as(staffCode, { tenantId: admin.tenantId, deviceId: `${staffCode}-tablet` })
}

export const dismiss = (admin: Client, accountId: string) =>
  admin.direct('staffSave', { accountId, status: 'REVOKED' }, { branchId: null })

export async function gatherPeople(gateway?: Gateway): Promise<People> {
  const own = gateway ?? (await startGateway())
  const admin = await own.as('admin')
  const revoked = await hire(own, admin, 'revoked', { role: 'ADMIN', branchIds: ['riverside'] })
  await dismiss(admin, 'demo-revoked')
  const shutOut = await own.as('admin', { deviceId: 'stolen' })
  await admin.direct('deviceShutOut', { deviceId: 'stolen' }, { branchId: null })
  const outdated = await hire(own, admin, 'outdated', { role: 'ADMIN', branchIds: ['riverside'] })
  await admin.direct('staffSave', { accountId: 'demo-outdated', pin: '9876' }, { branchId: null })
  return {
    gateway: own,
    by: {
      STAFF: await own.as('barista-1', { deviceId: 'till-2' }),
      CASHIER: await own.as('cashier-1', { deviceId: 'till-3' }),
      MANAGER: await own.as('manager', { deviceId: 'till-4' }),
      ADMIN: admin,
    },
    elsewhere: await hire(own, admin, 'elsewhere', { role: 'ADMIN', branchIds: ['market'] }),
    revoked,
    shutOut,
    outdated,
    rival: own.withToken((await own.as('admin', { tenantId: 'rival' })).token, { deviceId: randomUUID() }),
    expired: own.withToken(await forgeToken(own, 'demo-admin', new Date(Date.now() - 1000))),
    nobody: own.withToken(null),
  }
}
