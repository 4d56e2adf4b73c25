import { defineOperation, type Operation } from '../../sync/module.ts'
import { branchById, theTenant } from '../tenant/tables.ts'
import {
  deviceApprove,
  deviceInvite,
  deviceLetIn,
  deviceRename,
  deviceShutOut,
  type StaffSave,
  staffSave,
} from './contract.ts'
import {
  changesBranches,
  decideApproveDevice,
  decideInviteDevice,
  decideLetInDevice,
  decideRenameDevice,
  decideSaveStaff,
  decideShutOutDevice,
  type Prepared,
} from './decide.ts'
import { hashOfCode } from './enrolment.ts'
import { hashPin } from './pin.ts'
import { pinTurns } from './pin-turns.ts'
import {
  activeByRole,
  assignmentsOf,
  credentialOf,
  deviceAccessOf,
  deviceNameOf,
  memberByAccount,
  memberByStaffCode,
} from './tables.ts'
import { isWeakPin } from './weak-pin.ts'

async function prepare(payload: StaffSave, { tenantId }: Operation): Promise<Prepared> {
  const { pin } = payload
  if (!pin) return payload
  const hash = await pinTurns.run(tenantId, 'staff.save', () => hashPin(pin))
  return { ...payload, pin: hash, pinDigits: pin.length, pinIsWeak: isWeakPin(pin) }
}

export const saveStaff = defineOperation({
  type: 'staff.save',
  description:
    'Adds a person to the tenant, or changes their name, role, branches, PIN or status (REVOKED ends their access).',
  payload: staffSave,
  offline: false,
  scope: 'tenant',
  permission: 'staff.edit',
  prepare,
  secrets: ['pin'],
  reads: [
    ({ payload }) => [
      theTenant(),
      memberByAccount(payload.accountId),
      credentialOf(payload.accountId),
      ...(payload.staffCode ? [memberByStaffCode(payload.staffCode)] : []),
      // Who is left, where this may end an administrator.
      ...(payload.role || payload.status ? [activeByRole('ADMIN')] : []),
      ...(changesBranches(payload) ? [assignmentsOf(payload.accountId)] : []),
      ...[...(payload.branchIds ?? []), ...(payload.addBranchIds ?? [])].map((branchId) =>
        branchById(branchId),
      ),
    ],
  ],
  decide: decideSaveStaff,
})

export const shutOutDevice = defineOperation({
  type: 'device.shutOut',
  description:
    'Shuts a device out, such as a stolen tablet: its tokens end, nobody can sign in, push, pull or report there.',
  payload: deviceShutOut,
  offline: false,
  scope: 'tenant',
  permission: 'devices.shutOut',
  reads: [({ payload }) => [deviceAccessOf(payload.deviceId)]],
  decide: decideShutOutDevice,
})

export const letInDevice = defineOperation({
  type: 'device.letIn',
  description: 'Lets a device in again that was shut out; whoever works there has to sign in anew.',
  payload: deviceLetIn,
  offline: false,
  scope: 'tenant',
  permission: 'devices.shutOut',
  reads: [({ payload }) => [deviceAccessOf(payload.deviceId)]],
  decide: decideLetInDevice,
})

export const renameDevice = defineOperation({
  type: 'device.rename',
  description: 'Gives a device the name that people call it by ("Till 2, counter"), or takes it away.',
  payload: deviceRename,
  offline: false,
  scope: 'tenant',
  permission: 'devices.rename',
  reads: [({ payload }) => [deviceNameOf(payload.deviceId)]],
  decide: decideRenameDevice,
})

export const approveDevice = defineOperation({
  type: 'device.approve',
  description:
    'Lets a device into the business, where devices are enrolled; with the name that people call it by.',
  payload: deviceApprove,
  offline: false,
  scope: 'tenant',
  permission: 'devices.enrol',
  reads: [({ payload }) => [deviceAccessOf(payload.deviceId), deviceNameOf(payload.deviceId)]],
  decide: decideApproveDevice,
})

export const inviteDevice = defineOperation({
  type: 'device.invite',
  description:
    'Makes a code good that lets one device into the business within 15 minutes; of each person the last one is good.',
  payload: deviceInvite,
  offline: false,
  scope: 'tenant',
  permission: 'devices.enrol',
  secrets: ['enrolmentCode'],
  prepare: async (payload, { tenantId }) => ({
    ...payload,
    enrolmentCode: await pinTurns.run(tenantId, 'device.invite', () =>
      hashOfCode(tenantId, payload.enrolmentCode),
    ),
  }),
  reads: [],
  decide: decideInviteDevice,
})
