/**
 * The caller of a request: looked up at every one, because membership, assignments and what a token is worth change.
 */
import type { Queryable } from '../../platform/database.ts'
import type { Identity } from '../../platform/tokens.ts'
import { isStorable } from '../../sync/inspect.ts'
import { type Rejected, reject } from '../../sync/module.ts'
import { engineCodes } from '../../sync/words.ts'
import { isToBeEnrolled, notEnrolled } from './enrolment.ts'
import { branchAccess, type Member, membership, permitted } from './gate.ts'
import type { May } from './roles.ts'

export type Asked = {
  branchId?: string | null
  permissions?: readonly string[]
  /** The device that the caller says this comes from. */
  deviceId?: string
  /** It asks to be let into the business: that it is not yet is no denial. */
  enrols?: boolean
}

/** The branches that a member is assigned to: of these, or all of them, which may be ten thousand. */
export async function branchesOf(
  db: Queryable,
  { tenantId, accountId }: { tenantId: string; accountId: string },
  among?: readonly string[],
): Promise<string[]> {
  const rows = await db.rows<{ branchId: string }>(
    `select branch_id as "branchId" from member_branch
     where tenant_id = $1 and account_id = $2 and not ended ${among ? 'and branch_id = any($3)' : ''}`,
    [tenantId, accountId, ...(among ? [among] : [])],
  )
  return rows.map(({ branchId }) => branchId)
}

export const shutOutDenial = (): Rejected => reject('DEVICE_SHUT_OUT', engineCodes.DEVICE_SHUT_OUT)

/** A member, and the generation of the device that they are on. */
export type Caller = Member & { readonly deviceGeneration: number }

/** The caller, if they may do what is asked; else the rule that does not let them, or that the token is not good any more. */
export type Found = { caller: Caller } | { denied: Rejected } | { outdated: true }

type Known = Caller & {
  readonly isShutOut: boolean
  readonly isToBeEnrolled: boolean
  readonly isAssigned: boolean
}

/** The member with this account, and what is known of the device, in one round trip. */
async function look(
  db: Queryable,
  tenantId: string,
  accountId: string,
  { deviceId, branchId }: { deviceId: string | null; branchId: string | null },
) {
  // An id that PostgreSQL cannot hold belongs to nobody.
  if (![tenantId, accountId, deviceId ?? ''].every(isStorable)) return undefined
  const [known] = await db.rows<Known>(
    `select m.account_id as "accountId", m.staff_code as "staffCode", m.name, m.role, m.status,
       m.token_generation as "tokenGeneration", coalesce(d.generation, 0) as "deviceGeneration",
       d.shut_out_at is not null as "isShutOut", ${isToBeEnrolled} as "isToBeEnrolled",
       exists (select 1 from member_branch b where b.tenant_id = m.tenant_id and b.account_id = m.account_id
         and b.branch_id = $4 and not b.ended) as "isAssigned"
     from member m join tenant t on t.tenant_id = m.tenant_id
       left join device_access d on d.tenant_id = m.tenant_id and d.device_id = $3
     where m.tenant_id = $1 and m.account_id = $2`,
    [tenantId, accountId, deviceId, branchId !== null && isStorable(branchId) ? branchId : null],
  )
  return known
}

/**
 * Whether the caller may do what is asked. The gateway's own tokens speak for the tenant and the device that the PIN
 * was checked for, an identity provider's for the person everywhere.
 */
export async function callerOf(
  { db, may }: { db: Queryable; may: May },
  identity: Identity,
  tenantId: string,
  { branchId, permissions = [], deviceId, enrols = false }: Asked = {},
): Promise<Found> {
  if (identity.tenantId !== null && identity.tenantId !== tenantId) return { denied: noMembership() }
  const known = await look(db, tenantId, identity.accountId, {
    deviceId: identity.deviceId ?? deviceId ?? identity.namedDeviceId ?? null,
    branchId: branchId ?? null,
  })
  const denied = membership(known)
  if (denied || !known) return { denied: denied ?? noMembership() }
  if (known.isShutOut) return { denied: shutOutDenial() }
  if (known.isToBeEnrolled && !enrols) return { denied: notEnrolled() }
  if (isOutdated(identity, known)) return { outdated: true }
  if (deviceId !== undefined && identity.deviceId !== null && identity.deviceId !== deviceId)
    return { denied: reject('DEVICE_NOT_YOURS', engineCodes.DEVICE_NOT_YOURS) }
  const refused =
    (branchId != null ? branchAccess(known.isAssigned, branchId) : null) ??
    permissions.map((permission) => permitted(may, known, permission)).find((each) => each !== null)
  return refused ? { denied: refused } : { caller: known }
}

const noMembership = () => reject('NO_MEMBERSHIP', 'You do not belong to this business.')

/** Whether something has happened since that ended it: a new PIN, a revocation, a device shut out. */
const isOutdated = (identity: Identity, { tokenGeneration, deviceGeneration }: Known) =>
  identity.tenantId !== null &&
  (identity.memberGeneration !== tokenGeneration || identity.deviceGeneration !== deviceGeneration)
