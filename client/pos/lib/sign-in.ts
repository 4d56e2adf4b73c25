/**
 * How somebody gets in: by the gateway, or, where they have signed in on this tablet before, by their PIN alone.
 */
import { pinPattern } from '../../contract.ts'
import type { Context, Person } from '../../sdk/index.ts'

export type Credentials = { tenantId: string; staffCode: string; pin: string; enrolmentCode?: string }

/** What the gateway says where this device is to be let in by a code. */
export const asksForCode = (code: string | null | undefined): boolean =>
  code === 'DEVICE_NOT_ENROLLED' || code === 'ENROLMENT_CODE_WRONG'

/** Staff codes are compared as they are typed on a tablet: its keyboard likes capitals and spaces. */
export const tidied = ({ tenantId, staffCode, pin, enrolmentCode }: Credentials): Credentials => ({
  tenantId: tenantId.trim(),
  staffCode: staffCode.trim(),
  pin: pin.trim(),
  ...(enrolmentCode?.trim() ? { enrolmentCode: enrolmentCode.trim() } : {}),
})

/** The person of this tablet with the staff code, who may take over without a network. */
export const knownPerson = (
  people: readonly Person[],
  { tenantId, staffCode }: Pick<Credentials, 'tenantId' | 'staffCode'>,
): Person | undefined =>
  people.find(
    (person) =>
      person.tenantId === tenantId && person.staffCode.toLowerCase() === staffCode.trim().toLowerCase(),
  )

/** What is still missing, or null: the form can be sent. */
export function missingIn({ tenantId, staffCode, pin }: Credentials): 'tenant' | 'staff' | 'pin' | null {
  if (tenantId.trim() === '') return 'tenant'
  if (staffCode.trim() === '') return 'staff'
  return pinPattern.test(pin.trim()) ? null : 'pin'
}

/** The branch to work in without asking: the only one, or the one this tablet was used in last; null: ask. */
export function branchFor(branchIds: readonly string[], last: string | null): string | null {
  if (branchIds.length === 1) return branchIds[0]!
  return last !== null && branchIds.includes(last) ? last : null
}

/** The person works elsewhere by now: this tablet may do nothing for them in the branch that it is in. */
export const hasMoved = (person: Person | undefined, { branchId }: Context): boolean =>
  person !== undefined && !person.branchIds.includes(branchId)

/** `Sophea Chan` is `SC`. */
export const initials = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase()

/** The id of a branch whose name is not known here, as something that can be read: `old-market` is `Old market`. */
export const readableId = (id: string): string => {
  const words = id.replace(/[-_]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
