/** A person while they are edited. */
import { isInCharge, type Role, type StaffSave, staffSave } from '../../contract.ts'
import type { StaffQuery } from '../generated/graphql.ts'

export type Person = StaffQuery['staff']['edges'][number]['node']
export type PersonDraft = {
  name: string
  staffCode: string
  role: Role
  branchIds: string[]
  /** Empty: it stays as it is. */
  pin: string
  isRevoked: boolean
}

export const personDraft = (person: Person | null): PersonDraft => ({
  name: person?.name ?? '',
  staffCode: person?.staffCode ?? '',
  role: (person?.role as Role | undefined) ?? 'CASHIER',
  branchIds: person ? [...person.branchIds] : [],
  pin: '',
  isRevoked: person?.status === 'REVOKED',
})

const pinDigits = { least: 4, most: 12 }

/** Digits that a PIN of somebody of this role has, by the settings of the business. */
export const pinDigitsOf = (role: Role, { managerPinDigits }: { managerPinDigits: number }) =>
  isInCharge(role) ? { ...pinDigits, least: Math.max(pinDigits.least, managerPinDigits) } : pinDigits

/**
 * What is to be saved, or which of the fields are wrong, by the module's own contract and the settings. Somebody new needs
 * a PIN.
 */
export function personFrom(
  draft: PersonDraft,
  of: { accountId: string; isNew: boolean; managerPinDigits: number },
): { person: StaffSave; wrong: null } | { person: null; wrong: ReadonlySet<string> } {
  const { name, staffCode, role, branchIds, pin, isRevoked } = draft
  const parsed = staffSave.safeParse({
    accountId: of.accountId,
    name,
    staffCode,
    role,
    branchIds,
    status: isRevoked ? 'REVOKED' : 'ACTIVE',
    ...(pin || of.isNew ? { pin } : {}),
  })
  const wrong = new Set(parsed.error?.issues.map(({ path }) => String(path[0])))
  if (pin && pin.length < pinDigitsOf(role, of).least) wrong.add('pin')
  return parsed.success && wrong.size === 0 ? { person: parsed.data, wrong: null } : { person: null, wrong }
}
