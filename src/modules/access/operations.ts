import { accept, defineOperation, type Rejected, reject } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import { branchById, branches, tenants, theTenant } from '../tenant/tables.ts'
import {
  type DeviceLetIn,
  type DeviceShutOut,
  deviceLetIn,
  deviceShutOut,
  type StaffSave,
  staffSave,
} from './contract.ts'
import type { Permission } from './permissions.ts'
import { hashPin } from './pin.ts'
import { pinTurns } from './pin-turns.ts'
import {
  credentialOf,
  credentials,
  deviceAccess,
  deviceAccessOf,
  memberByAccount,
  memberByStaffCode,
  members,
} from './tables.ts'

/** Its PIN as a hash, with how many digits it had. */
type Prepared = StaffSave & { pinDigits?: number }

/** Whether the role may do what one with a guessed PIN would like to. */
const isInCharge = (role: string | undefined) => role === 'MANAGER' || role === 'ADMIN'

/** A PIN of somebody in charge has as many digits as the tenant says: a new one, and the one that comes with them. */
function pinFault(
  state: State,
  { accountId, pin, pinDigits = pin?.length }: Prepared,
  role: string,
): Rejected | null {
  const least = state.get(tenants)?.managerPinDigits ?? 0
  const rises = isInCharge(role) && !isInCharge(state.get(members, accountId)?.role)
  const digits = pinDigits ?? (rises ? state.get(credentials, accountId)?.pinDigits : undefined)
  if (!isInCharge(role) || digits === undefined || digits >= least) return null
  const problem = `has at least ${least} digits`
  const message = pin
    ? `The PIN of a MANAGER or an ADMIN ${problem}.`
    : `The PIN of a MANAGER or an ADMIN ${problem}: give a new one with the role.`
  return reject('PAYLOAD_INVALID', message, { issues: [{ path: 'payload.pin', message: problem }] })
}

export const saveStaff = defineOperation<Prepared, Permission>({
  type: 'staff.save',
  description:
    'Adds a person to the tenant, or changes their name, role, branches, PIN or status (REVOKED ends their access).',
  payload: staffSave,
  offline: false,
  scope: 'tenant',
  permission: 'staff.edit',
  prepare: async (payload, { tenantId }) => {
    const { pin } = payload
    if (!pin) return payload
    const hash = await pinTurns.run(tenantId, 'staff.save', () => hashPin(pin))
    return { ...payload, pin: hash, pinDigits: pin.length }
  },
  secrets: ['pin'],
  reads: [
    ({ payload }) => [
      theTenant(),
      memberByAccount(payload.accountId),
      credentialOf(payload.accountId),
      ...(payload.staffCode ? [memberByStaffCode(payload.staffCode)] : []),
      ...(payload.branchIds ?? []).map((branchId) => branchById(branchId)),
    ],
  ],
  decide(state, { payload }) {
    const { accountId, pin, pinDigits = pin?.length, ...given } = payload
    const known = state.get(members, accountId)
    const { staffCode, name, role } = { ...known, ...given }
    if (!staffCode || !name || !role)
      return reject('PAYLOAD_INVALID', 'A new person needs a staff code, a name and a role.')
    const namesake = state.find(members, (m) => m.staffCode === staffCode && m.accountId !== accountId)
    if (namesake) return reject('STAFF_CODE_TAKEN', `The staff code "${staffCode}" belongs to somebody else.`)
    const unknownBranch = given.branchIds?.find((branchId) => !state.get(branches, branchId))
    if (unknownBranch) return reject('PAYLOAD_INVALID', `There is no branch "${unknownBranch}".`)
    const weakPin = pinFault(state, payload, role)
    if (weakPin) return weakPin
    const status = given.status ?? known?.status ?? 'ACTIVE'
    // What was given out before a new PIN or a revocation is worth nothing after it.
    const endsTokens = known !== undefined && (pin !== undefined || status === 'REVOKED')
    const member = {
      accountId,
      staffCode,
      name,
      role,
      status,
      tokenGeneration: (known?.tokenGeneration ?? 0) + (endsTokens ? 1 : 0),
      branchIds: [...new Set(given.branchIds ?? known?.branchIds ?? [])],
    }
    const credential = pin ? [credentials.row({ accountId, pinHash: pin, pinDigits: pinDigits ?? 0 })] : []
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

export const shutOutDevice = defineOperation<DeviceShutOut, Permission>({
  type: 'device.shutOut',
  description:
    'Shuts a device out, such as a stolen tablet: its tokens end, nobody can sign in, push, pull or report there.',
  payload: deviceShutOut,
  offline: false,
  scope: 'tenant',
  permission: 'devices.shutOut',
  reads: [({ payload }) => [deviceAccessOf(payload.deviceId)]],
  decide(state, { payload: { deviceId, reason = null }, actorId, at }) {
    const known = state.get(deviceAccess, deviceId)
    // Once more is no other intent, and what was said first stands.
    if (known?.shutOutAt) return accept({ writes: [], result: { deviceId } })
    const generation = (known?.generation ?? 0) + 1
    return accept({
      writes: [deviceAccess.row({ deviceId, generation, shutOutAt: at, shutOutBy: actorId, reason })],
      audit: [{ name: 'DEVICE_SHUT_OUT', data: { deviceId, reason } }],
      result: { deviceId },
    })
  },
})

export const letInDevice = defineOperation<DeviceLetIn, Permission>({
  type: 'device.letIn',
  description: 'Lets a device in again that was shut out; whoever works there has to sign in anew.',
  payload: deviceLetIn,
  offline: false,
  scope: 'tenant',
  permission: 'devices.shutOut',
  reads: [({ payload }) => [deviceAccessOf(payload.deviceId)]],
  decide(state, { payload: { deviceId } }) {
    const known = state.get(deviceAccess, deviceId)
    if (!known?.shutOutAt) return accept({ writes: [], result: { deviceId } })
    return accept({
      writes: [deviceAccess.row({ ...known, shutOutAt: null, shutOutBy: null, reason: null })],
      audit: [{ name: 'DEVICE_LET_IN', data: { deviceId } }],
      result: { deviceId },
    })
  },
})
