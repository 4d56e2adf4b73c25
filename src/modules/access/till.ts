import { defineTillModule, entity, granted, online, typeOnly } from '../../sync/till.ts'
import type {
  DeviceApprove,
  DeviceInvite,
  DeviceLetIn,
  DeviceRename,
  DeviceShutOut,
  StaffSave,
} from './contract.ts'
import { createGate, nothingProven } from './gate.ts'
import { mayBy, type Role } from './roles.ts'
import { deviceNames, deviceSignIns, memberBranches, members } from './tables.ts'
import { type codes, permissions, scopes } from './words.ts'

export const accessTill = defineTillModule({
  name: 'access',
  scopes,
  permissions,
  codes: typeOnly<keyof typeof codes>(),
  first: true,
  online: {
    'staff.save': online<StaffSave>('tenant'),
    'device.shutOut': online<DeviceShutOut>('tenant'),
    'device.letIn': online<DeviceLetIn>('tenant'),
    'device.rename': online<DeviceRename>('tenant'),
    'device.approve': online<DeviceApprove>('tenant'),
    'device.invite': online<DeviceInvite>('tenant'),
  },
  entities: [
    entity(members, {
      row: (accountId, { staffCode, name, role }) => ({
        accountId,
        staffCode,
        name,
        role,
        status: 'ACTIVE',
        tokenGeneration: 0,
      }),
    }),
    entity(deviceNames),
  ],
  rows: [
    // Whoever is told of in a branch's stream works there.
    granted(memberBranches, ([accountId, branchId]) => ({
      accountId: String(accountId),
      branchId: String(branchId),
      ended: false,
    })),
    // Whoever works here has signed in here.
    granted(deviceSignIns, ([deviceId, accountId]) => ({
      deviceId: String(deviceId),
      accountId: String(accountId),
      signedInAt: new Date(0),
    })),
  ],
  people: {
    role: typeOnly<Role>(),
    table: members,
    // A device has no secret: it decides for the person at work alone.
    gate: (grants) => createGate({ may: mayBy(grants), isProven: nothingProven }),
    stranger: ({ actorId }) =>
      members.row({
        accountId: actorId,
        staffCode: '',
        name: '',
        role: 'ADMIN',
        status: 'ACTIVE',
        tokenGeneration: 0,
      }),
  },
})
