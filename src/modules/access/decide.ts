import { accept, type Decision, type Operation, type Rejected, reject } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import { branches, tenants } from '../tenant/tables.ts'
import {
  type DeviceApprove,
  type DeviceInvite,
  type DeviceLetIn,
  type DeviceRename,
  type DeviceShutOut,
  inviteMs,
  type StaffSave,
} from './contract.ts'
import { isInCharge } from './roles.ts'
import { credentials, deviceAccess, deviceInvites, deviceNames, memberBranches, members } from './tables.ts'
import { isWeakPin } from './weak-pin.ts'

/** Its PIN as a hash, with how many digits it had, and whether anybody would have guessed it. */
export type Prepared = StaffSave & { pinDigits?: number; pinIsWeak?: boolean }

/**
 * A new PIN is none that anybody would try first. That of somebody in charge has as many digits as the tenant says: a new
 * one, and the one that comes with them.
 */
function pinFault(
  state: State,
  { accountId, pin, pinDigits = pin?.length, pinIsWeak = pin !== undefined && isWeakPin(pin) }: Prepared,
  role: string,
): Rejected | null {
  if (pinIsWeak && state.get(tenants)?.refuseWeakPins)
    return reject('PAYLOAD_INVALID', 'Anybody would try this PIN first: give another one.', {
      issues: [{ path: 'payload.pin', message: 'is one that anybody would try first' }],
    })
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

/** Whether this would leave nobody who can hire, let go and give rights: only the database could mend that. */
function endsLastAdmin(state: State, { accountId }: Prepared, role: string, status: string): boolean {
  const isAdmin = (of: { role: string; status: string }) => of.role === 'ADMIN' && of.status === 'ACTIVE'
  const known = state.get(members, accountId)
  if (!known || !isAdmin(known) || isAdmin({ role, status })) return false
  return !state.find(members, (other) => other.accountId !== accountId && isAdmin(other))
}

/** Whether the branches of a person are given, in whichever way. */
export const changesBranches = ({ branchIds, addBranchIds, removeBranchIds }: Prepared): boolean =>
  Boolean(branchIds ?? addBranchIds ?? removeBranchIds)

/** The branches that a person gets and those that they lose. */
function branchChanges(state: State, payload: Prepared): { added: string[]; removed: string[] } {
  if (!changesBranches(payload)) return { added: [], removed: [] }
  const { accountId, branchIds, addBranchIds = [], removeBranchIds = [] } = payload
  const before = new Set(
    state
      .filter(memberBranches, (row) => row.accountId === accountId && !row.ended)
      .map(({ branchId }) => branchId),
  )
  const after = new Set([...(branchIds ?? before), ...addBranchIds])
  for (const branchId of removeBranchIds) after.delete(branchId)
  return {
    added: [...after].filter((branchId) => !before.has(branchId)),
    removed: [...before].filter((branchId) => !after.has(branchId)),
  }
}

/** The trail is for people to read: of ten thousand branches how many, and the first. */
const branchesInAudit = 50
const branchesForAudit = (added: readonly string[], removed: readonly string[]) => ({
  ...(added.length > 0 && { branchesAdded: added.length, addedBranchIds: added.slice(0, branchesInAudit) }),
  ...(removed.length > 0 && {
    branchesRemoved: removed.length,
    removedBranchIds: removed.slice(0, branchesInAudit),
  }),
})

export function decideSaveStaff(state: State, { payload }: Operation<Prepared>): Decision {
  const { accountId, pin, pinDigits = pin?.length, pinIsWeak: _, ...given } = payload
  const known = state.get(members, accountId)
  const { staffCode, name, role } = { ...known, ...given }
  if (!staffCode || !name || !role)
    return reject('PAYLOAD_INVALID', 'A new person needs a staff code, a name and a role.')
  const namesake = state.find(members, (m) => m.staffCode === staffCode && m.accountId !== accountId)
  if (namesake) return reject('STAFF_CODE_TAKEN', `The staff code "${staffCode}" belongs to somebody else.`)
  const unknownBranch = [...(given.branchIds ?? []), ...(given.addBranchIds ?? [])].find(
    (branchId) => !state.get(branches, branchId),
  )
  if (unknownBranch) return reject('PAYLOAD_INVALID', `There is no branch "${unknownBranch}".`)
  const weakPin = pinFault(state, payload, role)
  if (weakPin) return weakPin
  const status = given.status ?? known?.status ?? 'ACTIVE'
  if (endsLastAdmin(state, payload, role, status))
    return reject(
      'LAST_ADMIN',
      'The business would have no administrator left: make somebody else one first.',
    )
  const { added, removed } = branchChanges(state, payload)
  // What was given out before a new PIN or a revocation is worth nothing after it.
  const endsTokens = known !== undefined && (pin !== undefined || status === 'REVOKED')
  const member = {
    accountId,
    staffCode,
    name,
    role,
    status,
    tokenGeneration: (known?.tokenGeneration ?? 0) + (endsTokens ? 1 : 0),
  }
  const credential = pin ? [credentials.row({ accountId, pinHash: pin, pinDigits: pinDigits ?? 0 })] : []
  return accept({
    writes: [
      members.row(member),
      ...added.map((branchId) => memberBranches.row({ accountId, branchId, ended: false })),
      ...removed.map((branchId) => memberBranches.row({ accountId, branchId, ended: true })),
      ...credential,
    ],
    audit: [{ name: 'STAFF_SAVED', data: { accountId, role, status, ...branchesForAudit(added, removed) } }],
    result: { accountId },
  })
}

const accessOf = (state: State, deviceId: string) =>
  state.get(deviceAccess, deviceId) ?? {
    ...{ deviceId, generation: 0, shutOutAt: null, shutOutBy: null, reason: null },
    ...{ enrolledAt: null, enrolledBy: null },
  }

export function decideShutOutDevice(
  state: State,
  { payload, actorId, at }: Operation<DeviceShutOut>,
): Decision {
  const { deviceId, reason = null } = payload
  const before = accessOf(state, deviceId)
  // Once more is no other intent, and what was said first stands.
  if (before.shutOutAt) return accept({ writes: [], result: { deviceId } })
  const generation = before.generation + 1
  return accept({
    writes: [deviceAccess.row({ ...before, generation, shutOutAt: at, shutOutBy: actorId, reason })],
    audit: [{ name: 'DEVICE_SHUT_OUT', data: { deviceId, reason } }],
    result: { deviceId },
  })
}

export function decideLetInDevice(state: State, { payload: { deviceId } }: Operation<DeviceLetIn>): Decision {
  const known = state.get(deviceAccess, deviceId)
  if (!known?.shutOutAt) return accept({ writes: [], result: { deviceId } })
  return accept({
    writes: [deviceAccess.row({ ...known, shutOutAt: null, shutOutBy: null, reason: null })],
    audit: [{ name: 'DEVICE_LET_IN', data: { deviceId } }],
    result: { deviceId },
  })
}

export function decideRenameDevice(state: State, { payload }: Operation<DeviceRename>): Decision {
  const { deviceId, name } = payload
  const before = state.get(deviceNames, deviceId)?.name ?? null
  if (before === name) return accept({ writes: [], result: { deviceId, name } })
  return accept({
    writes: [deviceNames.row({ deviceId, name })],
    audit: [{ name: 'DEVICE_RENAMED', data: { deviceId, name, before } }],
    result: { deviceId, name },
  })
}

/** Lets a device into the business. Once more is no other intent, but for its name. */
export function decideApproveDevice(
  state: State,
  { payload, actorId, at }: Operation<DeviceApprove>,
): Decision {
  const { deviceId, name, byCode = false } = payload
  const access = accessOf(state, deviceId)
  const isRenamed = name !== undefined && state.get(deviceNames, deviceId)?.name !== name
  const writes = [
    ...(access.enrolledAt ? [] : [deviceAccess.row({ ...access, enrolledAt: at, enrolledBy: actorId })]),
    ...(isRenamed ? [deviceNames.row({ deviceId, name })] : []),
  ]
  if (writes.length === 0) return accept({ writes, result: { deviceId } })
  return accept({
    writes,
    audit: [{ name: 'DEVICE_APPROVED', data: { deviceId, byCode, ...(isRenamed ? { name } : {}) } }],
    result: { deviceId },
  })
}

/** The code, as a hash by then, takes the place of the one that the same person made before. */
export function decideInviteDevice(
  _: State,
  { payload: { enrolmentCode: codeHash, name }, actorId, at }: Operation<DeviceInvite>,
): Decision {
  const expiresAt = new Date(at.getTime() + inviteMs)
  return accept({
    writes: [deviceInvites.row({ madeBy: actorId, codeHash, name: name ?? null, expiresAt, usedBy: null })],
    audit: [{ name: 'DEVICE_INVITED', data: { name: name ?? null, expiresAt: expiresAt.toISOString() } }],
    result: { expiresAt: expiresAt.toISOString() },
  })
}
