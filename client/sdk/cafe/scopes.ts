/**
 * Which scope of a branch's stream brings what: by kind of entity, and by type of operation. A module that is to work
 * offline adds its lines here.
 */
import type { Role } from '../../../src/modules/access/roles.ts'
import { may, readPermission } from '../../../src/modules/words.ts'
import { isHydrated, type StreamRecord } from '../store/layout.ts'
import type { EntityKind, ModuleScope, QueuedOperation } from '../words.ts'

export const scopeOf: Record<EntityKind, ModuleScope> = {
  branch: 'BRANCH',
  policy: 'POLICY',
  menuCategory: 'MENU',
  menuItem: 'MENU',
  modifierGroup: 'MENU',
  staffMember: 'STAFF',
  cashSession: 'CASH_SESSION',
  cashMovement: 'CASH_SESSION',
  sale: 'SALE',
  stockItem: 'INVENTORY',
  attendance: 'ATTENDANCE',
}

/** Where the effects of an operation are seen. */
export function scopesTouchedBy(type: string): readonly ModuleScope[] {
  if (type.startsWith('attendance.')) return ['ATTENDANCE']
  return type === 'sale.finalize' ? ['CASH_SESSION', 'SALE', 'INVENTORY'] : ['CASH_SESSION']
}

export const mayRead = (role: Role, scope: ModuleScope): boolean => may(role, readPermission[scope])

/** What is pulled, for whom. */
export type Pulling = {
  /** What whoever is at work may read of what is wanted. */
  scopes: readonly ModuleScope[]
  /** What this device wants to know. */
  wanted: readonly ModuleScope[]
  /** Of what has an owner, only the records of this account come; null: everybody's. */
  onlyOwn: string | null
}

/** What a sale is made of, and who is at work: as much as the café is large, however much it has sold. */
const neededToWork: ReadonlySet<ModuleScope> = new Set([
  'BRANCH',
  'POLICY',
  'MENU',
  'STAFF',
  'CASH_SESSION',
  'ATTENDANCE',
])

export const neededFirst = (scopes: readonly ModuleScope[]): readonly ModuleScope[] =>
  scopes.filter((scope) => neededToWork.has(scope))

/**
 * What the next page is asked for. Where a branch has never been here, what selling needs comes before the history. Not
 * where sales wait to be seen in both: half of what they did would count twice.
 */
export function nextPulling(
  stream: StreamRecord,
  pulling: Pulling,
  unconfirmed: Iterable<QueuedOperation>,
): Pulling {
  const scopes = neededFirst(pulling.scopes)
  if (scopes.length === 0 || isHydrated(stream, scopes)) return pulling
  for (const { type } of unconfirmed) {
    const touched = scopesTouchedBy(type)
    const first = neededFirst(touched)
    if (first.length > 0 && first.length < touched.length) return pulling
  }
  return { ...pulling, scopes }
}
