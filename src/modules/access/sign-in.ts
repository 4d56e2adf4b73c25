/**
 * Signing in by staff code and PIN. Every refusal is one answer, whoever was named; what is counted, and what locks, is
 * tries.ts.
 */
import type { Database, Queryable } from '../../platform/database.ts'
import type { SignedInAs } from '../../platform/tokens.ts'
import { isStorable } from '../../sync/inspect.ts'
import { type Invited, isToBeEnrolled, noteRequest, spendCode } from './enrolment.ts'
import { hashPin, verifyPin } from './pin.ts'
import { pinTurns } from './pin-turns.ts'
import type { Known, Tries } from './tries.ts'

export type SignIn = {
  tenantId: string
  staffCode: string
  pin: string
  deviceId: string
  /** What lets the device into the business, where that is still to be done. */
  enrolmentCode?: string | null
  /** Where the request comes from. */
  address: string
}

/** Lets a device in that has used a code up, in the name of whoever made it. False: they may not any more. */
export type Enrol = (tenantId: string, deviceId: string, invited: Invited) => Promise<boolean>

/** `BUSY`: too many wait to be looked at. `LOCKED`: no try may be made for so long, right or wrong. */
const refusals = ['WRONG', 'SHUT_OUT', 'NOT_ENROLLED', 'CODE_WRONG', 'BUSY', 'LOCKED'] as const
export const signInResults = ['SIGNED_IN', ...refusals] as const
type Refused = (typeof refusals)[number]
export type Refusal =
  | { readonly refused: Exclude<Refused, 'LOCKED'> }
  | { readonly refused: 'LOCKED'; readonly retryAfterMs: number }
/** `ofTenant`: null where there is none of the name; what was typed there may be a PIN. */
export type SignInResult =
  | { readonly signedIn: SignedInAs }
  | (Refusal & { readonly ofTenant: string | null })

/**
 * Who is named, and where; generations are those of the moment when the hash was read, so that a PIN that is changed
 * while another is being looked at ends the token.
 */
type Named = {
  tenantExists: boolean
  accountId: string | null
  pinHash: string | null
  memberGeneration: number
  deviceGeneration: number
  isShutOut: boolean
  isToBeEnrolled: boolean
  known: Known
}

/** Compared against where there is no such person, so that both answers take the same time. */
const nobody = hashPin('0000')

const wrong: Refusal = { refused: 'WRONG' }

export async function signIn(
  { db, tries, at, enrol }: { db: Database; tries: Tries; at: Date; enrol: Enrol },
  input: SignIn,
): Promise<SignInResult> {
  const { tenantId, staffCode, pin, deviceId, address, enrolmentCode } = input
  if (![tenantId, staffCode, pin, deviceId].every(isStorable)) return { ...wrong, ofTenant: null }
  const place = tries.placeOf(tenantId, address)
  const rows = db.tenant(tenantId)
  const named = await look(rows, input, place, at)
  const { memberGeneration, known } = named
  const tried = { tenantId, staffCode, deviceId, address, generation: memberGeneration, known }
  const locked = async () => ({ refused: 'LOCKED', retryAfterMs: await tries.lockedFor(tried, at) }) as const
  const ofTenant = named.tenantExists ? tenantId : null
  const early = await locked()
  if (early.retryAfterMs > 0) return { ...early, ofTenant }
  // Tenants that there are none of are one crowd.
  const result = await pinTurns.try(ofTenant ?? '', address, async () => {
    if (!(await tries.reserve(tried, at))) return locked()
    const right = await verifyPin(pin, named.pinHash ?? (await nobody))
    if (!right || named.accountId === null) return wrong
    if (named.isShutOut) return { refused: 'SHUT_OUT' } as const
    const { accountId, deviceGeneration } = named
    if (named.isToBeEnrolled && enrolmentCode) {
      // A wrong one stays a try that failed.
      const invited = await spendCode(rows, { tenantId, deviceId, at }, enrolmentCode)
      if (!invited || !(await enrol(tenantId, deviceId, invited))) return { refused: 'CODE_WRONG' } as const
    }
    await tries.succeed(tried)
    if (named.isToBeEnrolled && !enrolmentCode) {
      await noteRequest(rows, { tenantId, deviceId, accountId, at })
      return { refused: 'NOT_ENROLLED' } as const
    }
    await noteSignIn(rows, tenantId, deviceId, accountId, at)
    await notePlace(rows, tenantId, deviceId, accountId, place)
    return { signedIn: { accountId, tenantId, deviceId, memberGeneration, deviceGeneration } }
  })
  if (result && 'signedIn' in result) return result
  return { ...(result ?? { refused: 'BUSY' }), ofTenant }
}

async function look(
  db: Queryable,
  { tenantId, staffCode, deviceId }: SignIn,
  place: Buffer,
  at: Date,
): Promise<Named> {
  const [named] = await db.rows<Named>(
    `select t.tenant_id is not null as "tenantExists", c.account_id as "accountId", c.pin_hash as "pinHash",
       coalesce(m.token_generation, 0) as "memberGeneration", coalesce(d.generation, 0) as "deviceGeneration",
       d.shut_out_at is not null as "isShutOut", ${isToBeEnrolled} as "isToBeEnrolled",
       case when s.signed_in_at > $4::timestamptz - make_interval(days => t.acting_days)
         then case when p.place = $5 then 'DEVICE_AND_ADDRESS' else 'DEVICE' end else 'NOWHERE' end as known
     from (select) as one
       left join tenant t on t.tenant_id = $1
       left join member m on m.tenant_id = $1 and m.staff_code = $2 and m.status = 'ACTIVE'
       left join credential c on c.tenant_id = $1 and c.account_id = m.account_id
       left join device_access d on d.tenant_id = $1 and d.device_id = $3
       left join device_sign_in s on s.tenant_id = $1 and s.device_id = $3 and s.account_id = m.account_id
       left join sign_in_place p on p.tenant_id = $1 and p.device_id = $3 and p.account_id = m.account_id`,
    [tenantId, staffCode, deviceId, at, place],
  )
  return named!
}

/** Remembers that this person has used this device: from then on their work may come from it under another's token. */
export async function noteSignIn(
  db: Queryable,
  tenantId: string,
  deviceId: string,
  accountId: string,
  at: Date,
): Promise<void> {
  await db.run(
    `insert into device_sign_in (tenant_id, device_id, account_id, signed_in_at) values ($1, $2, $3, $4)
     on conflict (tenant_id, device_id, account_id) do update set signed_in_at = excluded.signed_in_at
     where device_sign_in.signed_in_at < excluded.signed_in_at - interval '1 hour'`,
    [tenantId, deviceId, accountId, at],
  )
}

/** Remembers where this person has entered their PIN on this device: from there it is their own till (tries.ts). */
async function notePlace(
  db: Queryable,
  tenantId: string,
  deviceId: string,
  accountId: string,
  place: Buffer,
): Promise<void> {
  await db.run(
    `insert into sign_in_place as p (tenant_id, device_id, account_id, place) values ($1, $2, $3, $4)
     on conflict (tenant_id, device_id, account_id) do update set place = excluded.place
     where p.place <> excluded.place`,
    [tenantId, deviceId, accountId, place],
  )
}
