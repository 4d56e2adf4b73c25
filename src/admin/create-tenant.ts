/**
 * A tenant begins with its first administrator; from there on everything goes by ordinary operations.
 */
import { hashPin } from '../modules/access/pin.ts'
import { credentials, members } from '../modules/access/tables.ts'
import { isWeakPin } from '../modules/access/weak-pin.ts'
import type { Connection } from '../platform/database.ts'
import { writeRows } from '../sync/sql.ts'

/** `pin` is null where an identity provider says who somebody is. */
export type FirstAdmin = { accountId: string; staffCode: string; name: string; pin: string | null }

/** What a PIN of people in charge has at least, unless their first administrator begins with less. */
export const managerPinDigits = 6

/**
 * Makes the tenant with one ADMIN, who has no branch yet. Fails if there is one of that id. A tenant whose first
 * administrator begins with a short PIN, or one that anybody would guess, takes such PINs: the demo café's.
 */
export async function createTenant(
  db: Connection,
  tenantId: string,
  name: string,
  admin: FirstAdmin,
): Promise<void> {
  const { accountId, staffCode, pin } = admin
  const pinHash = pin === null ? null : await hashPin(pin)
  await db.transaction(async (tx) => {
    await tx.run(
      `insert into tenant (tenant_id, name, status, manager_pin_digits, refuse_weak_pins)
       values ($1, $2, 'ACTIVE', least($3::int, $4::int), $5)`,
      [tenantId, name, pin?.length ?? managerPinDigits, managerPinDigits, pin === null || !isWeakPin(pin)],
    )
    const member = { accountId, staffCode, name: admin.name, role: 'ADMIN', status: 'ACTIVE' }
    await writeRows(tx, tenantId, [
      members.row({ ...member, tokenGeneration: 0 }),
      ...(pinHash === null ? [] : [credentials.row({ accountId, pinHash, pinDigits: pin!.length })]),
    ])
  })
}
