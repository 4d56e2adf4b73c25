import { defineOperation } from '../../sync/module.ts'
import { attendanceEndWork, attendanceStartWork } from './contract.ts'
import { decideEnd, decideStart } from './decide.ts'
import { activeAttendanceOf, attendanceById } from './tables.ts'

const both = { offline: true, scope: 'branch', permission: 'attendance.record' } as const

export const startWork = defineOperation({
  ...both,
  type: 'attendance.startWork',
  description: 'The actor starts work in the branch.',
  payload: attendanceStartWork,
  reads: [({ actorId, payload }) => [activeAttendanceOf(actorId), attendanceById(payload.attendanceId)]],
  decide: decideStart,
})

export const endWork = defineOperation({
  ...both,
  type: 'attendance.endWork',
  description: 'The actor ends the work that they started.',
  payload: attendanceEndWork,
  reads: [({ payload }) => [attendanceById(payload.attendanceId)]],
  decide: decideEnd,
})
