import { accept, defineOperation, reject } from '../../sync/module.ts'
import type { Json } from '../../sync/words.ts'
import { branchById, branches } from '../tenant/tables.ts'
import { type StaffSave, staffSave } from './contract.ts'
import type { Permission } from './permissions.ts'
import { hashPin } from './pin.ts'
import { credentials, memberByAccount, memberByStaffCode, members } from './tables.ts'

export const saveStaff = defineOperation<StaffSave, Permission>({
  type: 'staff.save',
  description:
    'Adds a person to the tenant, or changes their name, role, branches, PIN or status (REVOKED ends their access).',
  payload: staffSave,
  offline: false,
  scope: 'tenant',
  permission: 'staff.edit',
  prepare: async (payload) => (payload.pin ? { ...payload, pin: await hashPin(payload.pin) } : payload),
  redact: (payload) => {
    const { pin: _pin, ...rest } = payload as { [key: string]: Json }
    return rest
  },
  reads: [
    ({ payload }) => [
      memberByAccount(payload.accountId),
      ...(payload.staffCode ? [memberByStaffCode(payload.staffCode)] : []),
      ...(payload.branchIds ?? []).map((branchId) => branchById(branchId)),
    ],
  ],
  decide(state, { payload }) {
    const { accountId, pin, ...given } = payload
    const known = state.get(members, accountId)
    const { staffCode, name, role } = { ...known, ...given }
    if (!staffCode || !name || !role)
      return reject('PAYLOAD_INVALID', 'A new person needs a staff code, a name and a role.')
    const namesake = state.find(members, (m) => m.staffCode === staffCode && m.accountId !== accountId)
    if (namesake) return reject('STAFF_CODE_TAKEN', `The staff code "${staffCode}" belongs to somebody else.`)
    const unknownBranch = given.branchIds?.find((branchId) => !state.get(branches, branchId))
    if (unknownBranch) return reject('PAYLOAD_INVALID', `There is no branch "${unknownBranch}".`)
    const member = {
      accountId,
      staffCode,
      name,
      role,
      status: given.status ?? known?.status ?? 'ACTIVE',
      branchIds: [...new Set(given.branchIds ?? known?.branchIds ?? [])],
    }
    const credential = pin
      ? [credentials.row({ accountId, pinHash: pin, failedAttempts: 0, lockedUntil: null })]
      : []
    return accept({
      writes: [members.row(member), ...credential],
      audit: [
        {
          name: 'STAFF_SAVED',
          data: { accountId, role, status: member.status, branchIds: member.branchIds },
        },
      ],
      result: { accountId },
    })
  },
})
