import { accept, type Decision, type Operation, reject } from '../../sync/module.ts'
import type { State } from '../../sync/state.ts'
import type { AttendanceMark } from './contract.ts'
import { attendances } from './tables.ts'

/** The person's running work, as far as it was read. One at most, in all of the tenant. */
export const activeAttendance = (state: State, actorId: string) =>
  state.find(attendances, (each) => each.actorId === actorId && each.status === 'ACTIVE')

export function decideStart(state: State, op: Operation<AttendanceMark>): Decision<{ attendanceId: string }> {
  const { attendanceId, location = null } = op.payload
  const active = activeAttendance(state, op.actorId)
  if (active)
    return reject('ATTENDANCE_ALREADY_ACTIVE', 'This person has started work already.', {
      attendanceId: active.id,
    })
  if (state.get(attendances, attendanceId))
    return reject('PAYLOAD_INVALID', 'A work record with this id was made before.', {
      issues: [{ path: 'payload.attendanceId', message: 'was used before' }],
    })
  return accept({
    writes: [
      attendances.row({
        id: attendanceId,
        branchId: op.branchId,
        actorId: op.actorId,
        status: 'ACTIVE',
        startedAt: op.happenedAt,
        endedAt: null,
        startLocation: location,
        endLocation: null,
      }),
    ],
    audit: [{ name: 'WORK_STARTED', data: { attendanceId } }],
    result: { attendanceId },
  })
}

export function decideEnd(state: State, op: Operation<AttendanceMark>): Decision<{ attendanceId: string }> {
  const { attendanceId, location = null } = op.payload
  const record = state.get(attendances, attendanceId)
  const isTheirs =
    record?.status === 'ACTIVE' && record.actorId === op.actorId && record.branchId === op.branchId
  if (!isTheirs)
    return reject('ATTENDANCE_NOT_ACTIVE', 'This person has no such work running in this branch.', {
      attendanceId,
    })
  return accept({
    writes: [
      attendances.row({ ...record, status: 'COMPLETED', endedAt: op.happenedAt, endLocation: location }),
    ],
    audit: [{ name: 'WORK_ENDED', data: { attendanceId } }],
    result: { attendanceId },
  })
}
