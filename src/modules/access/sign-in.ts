/**
 * Signing in by staff code and PIN. Five wrong PINs in a row lock the staff code for a minute.
 */
import type { Database } from '../../platform/database.ts'
import type { SignedInAs } from '../../platform/tokens.ts'
import { isStorable } from '../../sync/inspect.ts'
import { hashPin, verifyPin } from './pin.ts'

export type SignIn = { tenantId: string; staffCode: string; pin: string; deviceId: string }
export type SignInResult = SignedInAs | 'WRONG' | 'LOCKED' | 'SHUT_OUT'

/** Whose PIN it is; the generations as they were when the hash was read, so that a PIN changed meanwhile ends the token. */
type Person = {
  accountId: string
  pinHash: string
  lockedUntil: Date | null
  memberGeneration: number
  deviceGeneration: number
  isShutOut: boolean
}

const maxAttempts = 5
const lockSeconds = 60

/** Compared against where there is no such person, so that both answers take the same time. */
const nobody = hashPin('0000')

export async function signIn(db: Database, at: Date, input: SignIn): Promise<SignInResult> {
  const { tenantId, staffCode, pin, deviceId } = input
  if (![tenantId, staffCode, pin, deviceId].every(isStorable)) return 'WRONG'
  const [person] = await db.rows<Person>(
    `select m.account_id as "accountId", c.pin_hash as "pinHash", c.locked_until as "lockedUntil",
       m.token_generation as "memberGeneration", coalesce(d.generation, 0) as "deviceGeneration",
       d.shut_out_at is not null as "isShutOut"
     from member m join credential c using (tenant_id, account_id)
       left join device_access d on d.tenant_id = m.tenant_id and d.device_id = $3
     where m.tenant_id = $1 and m.staff_code = $2 and m.status = 'ACTIVE'`,
    [tenantId, staffCode, deviceId],
  )
  if (person?.lockedUntil && person.lockedUntil > at) return 'LOCKED'
  const right = await verifyPin(pin, person?.pinHash ?? (await nobody))
  if (!person) return 'WRONG'
  if (!right) {
    await noteFailure(db, tenantId, person.accountId, at)
    return 'WRONG'
  }
  if (person.isShutOut) return 'SHUT_OUT'
  const { accountId, memberGeneration, deviceGeneration } = person
  const open = await noteSuccess(db, tenantId, accountId, deviceId, at)
  return open ? { accountId, tenantId, deviceId, memberGeneration, deviceGeneration } : 'LOCKED'
}

/** Counts a wrong PIN in one statement, so that parallel tries are all counted; the fifth locks the code. */
async function noteFailure(db: Database, tenantId: string, accountId: string, at: Date): Promise<void> {
  await db.run(
    `update credential set
       failed_attempts = case when failed_attempts + 1 >= $3 then 0 else failed_attempts + 1 end,
       locked_until = case when failed_attempts + 1 >= $3 then $4::timestamptz + make_interval(secs => $5)
         else locked_until end
     where tenant_id = $1 and account_id = $2`,
    [tenantId, accountId, maxAttempts, at, lockSeconds],
  )
}

/** Forgets the wrong tries and notes who uses the device; false where parallel tries have locked the code meanwhile. */
async function noteSuccess(
  db: Database,
  tenantId: string,
  accountId: string,
  deviceId: string,
  at: Date,
): Promise<boolean> {
  const open = await db.run(
    `update credential set failed_attempts = 0, locked_until = null
     where tenant_id = $1 and account_id = $2 and (locked_until is null or locked_until <= $3)`,
    [tenantId, accountId, at],
  )
  if (open === 0) return false
  await noteSignIn(db, tenantId, deviceId, accountId, at)
  return true
}

/** Remembers that this person has used this device: from then on their work may come from it under another's token. */
export async function noteSignIn(
  db: Database,
  tenantId: string,
  deviceId: string,
  accountId: string,
  at: Date,
): Promise<void> {
  await db.run(
    `insert into device_sign_in (tenant_id, device_id, account_id, signed_in_at) values ($1, $2, $3, $4)
     on conflict (tenant_id, device_id, account_id) do update set signed_in_at = excluded.signed_in_at`,
    [tenantId, deviceId, accountId, at],
  )
}
