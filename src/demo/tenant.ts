/**
 * A tenant begins with its first administrator; from there on everything goes by ordinary operations.
 */

import { hashPin } from '../modules/access/pin.ts'
import { credentials, members } from '../modules/access/tables.ts'
import type { Database } from '../platform/database.ts'
import { writeRows } from '../sync/sql.ts'

export type FirstAdmin = { accountId: string; staffCode: string; name: string; pin: string }

/** What a PIN of people in charge has at least, unless their first administrator begins with less. */
const managerPinDigits = 6

/** Makes the tenant with one ADMIN, who has no branch yet. Fails if there is one of that id. */
export async function createTenant(
  db: Database,
  tenantId: string,
  name: string,
  admin: FirstAdmin,
): Promise<void> {
  const { accountId, staffCode, pin } = admin
  const pinHash = await hashPin(pin)
  await db.transaction(async (tx) => {
    await tx.run(
      'insert into tenant (tenant_id, name, status, manager_pin_digits) values ($1, $2, $3, least($4::int, $5::int))',
      [tenantId, name, 'ACTIVE', pin.length, managerPinDigits],
    )
    await writeRows(tx, tenantId, [
      members.row({
        ...{ accountId, staffCode, name: admin.name, role: 'ADMIN', status: 'ACTIVE' },
        ...{ branchIds: [], tokenGeneration: 0 },
      }),
      credentials.row({ accountId, pinHash, pinDigits: pin.length }),
    ])
  })
}
