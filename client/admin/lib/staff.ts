/** A person while they are edited. */
import { type Role, type StaffSave, staffSave } from '../../contract.ts'
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

/** What is to be saved, or which of the fields are wrong, by the module's own contract. Somebody new needs a PIN. */
export function personFrom(
  draft: PersonDraft,
  of: { accountId: string; isNew: boolean },
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
  if (parsed.success) return { person: parsed.data, wrong: null }
  return { person: null, wrong: new Set(parsed.error.issues.map(({ path }) => String(path[0]))) }
}
