/** A person while they are edited. */
import { isInCharge, type Role, type StaffSave, staffSave } from '../../contract.ts'
import type { StaffQuery } from '../generated/graphql.ts'
import { type FormValues, formValues } from './form-values.ts'

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

/** What is to be saved, by the settings too. Somebody new needs a PIN. */
export function personFrom(
  draft: PersonDraft,
  of: { accountId: string; isNew: boolean; managerPinDigits: number },
): FormValues<StaffSave> {
  const { isRevoked, pin, ...typed } = draft
  const payload = {
    ...typed,
    accountId: of.accountId,
    status: isRevoked ? 'REVOKED' : 'ACTIVE',
    ...(pin || of.isNew ? { pin } : {}),
  }
  return formValues(staffSave, payload, [
    pin !== '' && pin.length < pinDigitsOf(draft.role, of).least && 'pin',
  ])
}
