/**
 * Devices that are let into a business, where it says so (`deviceEnrolment: APPROVED`): by a manager who approves one that has
 * asked, or by a code that one has made for it. docs/protocol.md, *Enrolment*.
 */
import type { Queryable } from '../../platform/database.ts'
import { isStorable } from '../../sync/inspect.ts'
import { type Rejected, reject } from '../../sync/module.ts'
import { engineCodes } from '../../sync/words.ts'
import { enrolmentCode } from './contract.ts'
import { derive } from './pin.ts'

export const notEnrolled = (): Rejected => reject('DEVICE_NOT_ENROLLED', engineCodes.DEVICE_NOT_ENROLLED)

export const codeIsWrong = (): Rejected => reject('ENROLMENT_CODE_WRONG', engineCodes.ENROLMENT_CODE_WRONG)

/**
 * Of the columns of `tenant t` and `device_access d`: whether the device of parameter `$3` is still to be let in, or none is named
 * (null). One on which somebody has signed in before was known when devices came to be enrolled: on any other nobody can.
 */
export const isToBeEnrolled = `coalesce(t.device_enrolment = 'APPROVED' and d.enrolled_at is null
  and not exists (select 1 from device_sign_in k where k.tenant_id = $1 and k.device_id = $3), false)`

/** As it was typed: capitals or not, in groups or not. */
const asMade = (typed: string) => typed.toUpperCase().replace(/[^A-Z0-9]/g, '')

/** As it is kept: the same for the same code of a tenant, so that it is found, and dear to try: in a turn of pin-turns.ts. */
export const hashOfCode = async (tenantId: string, code: string): Promise<string> =>
  (await derive(code, Buffer.from(`enrolment ${tenantId}`))).toString('base64url')

export type Invited = { madeBy: string; name: string | null }

/** Uses a code up, for whoever comes first; null: it is wrong, was used, or has run out. In a turn of pin-turns.ts. */
export async function spendCode(
  db: Queryable,
  { tenantId, deviceId, at }: { tenantId: string; deviceId: string; at: Date },
  typed: string,
): Promise<Invited | null> {
  const code = asMade(typed.slice(0, 40))
  if (!enrolmentCode.safeParse(code).success) return null
  const [invited] = await db.rows<Invited>(
    `update device_invite set used_by = $3
     where tenant_id = $1 and code_hash = $2 and used_by is null and expires_at > $4
     returning made_by as "madeBy", name`,
    [tenantId, await hashOfCode(tenantId, code), deviceId, at],
  )
  return invited ?? null
}

/** Requests that are kept of a tenant, each for seven days. */
const maxRequests = 200
/** Of one person beside the latest: nobody's hide what others ask for. */
const mostOthersOfPerson = 19

/** Notes that somebody is on a device that is to be let in: for people in charge to see. Once a minute for each. */
export async function noteRequest(
  db: Queryable,
  { tenantId, deviceId, accountId, at }: { tenantId: string; deviceId: string; accountId: string; at: Date },
): Promise<void> {
  if (![tenantId, deviceId, accountId].every(isStorable) || deviceId.length > 128) return
  await db.run(
    `with gone as (
       delete from device_request o where o.tenant_id = $1 and o.device_id <> $2
         and (o.asked_at <= $4::timestamptz - interval '7 days' or o.account_id = $3 and ${mostOthersOfPerson} <= (
           select count(*) from device_request y where y.tenant_id = $1 and y.account_id = $3 and y.device_id <> $2
             and (y.asked_at, y.device_id) > (o.asked_at, o.device_id))))
     insert into device_request as r (tenant_id, device_id, account_id, asked_at)
     select $1, $2, $3, $4::timestamptz
     where (select count(*) from device_request c where c.tenant_id = $1 and c.device_id <> $2
       and c.asked_at > $4::timestamptz - interval '7 days') < ${maxRequests}
     on conflict (tenant_id, device_id) do update set account_id = excluded.account_id, asked_at = excluded.asked_at
     where r.asked_at < excluded.asked_at - interval '1 minute'`,
    [tenantId, deviceId, accountId, at],
  )
}

export type DeviceRequest = { deviceId: string; accountId: string; askedAt: Date }

/** The devices that wait to be let in, the latest first. */
export const requestsOf = (db: Queryable, tenantId: string, at: Date): Promise<DeviceRequest[]> =>
  db.rows<DeviceRequest>(
    `select r.device_id as "deviceId", r.account_id as "accountId", r.asked_at as "askedAt"
     from device_request r left join device_access d on d.tenant_id = r.tenant_id and d.device_id = r.device_id
     where r.tenant_id = $1 and d.enrolled_at is null and d.shut_out_at is null
       and r.asked_at > $2::timestamptz - interval '7 days'
     order by r.asked_at desc, r.device_id limit ${maxRequests}`,
    [tenantId, at],
  )
