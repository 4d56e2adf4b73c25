import { col, defineFinder, defineTable, nullable } from '../../sync/table.ts'
import type { AttendanceEntity, Location } from './contract.ts'

export const attendances = defineTable({
  name: 'attendance',
  key: ['id'],
  write: 'upsert',
  columns: {
    id: col.uuid,
    branchId: col.text,
    actorId: col.text,
    status: col.text,
    startedAt: col.time,
    endedAt: nullable(col.time),
    startLocation: nullable(col.json<Location>()),
    endLocation: nullable(col.json<Location>()),
  },
  change: {
    module: 'ATTENDANCE',
    kind: 'attendance',
    scope: 'branch',
    id: (row) => row.id,
    owner: (row) => row.actorId,
    finishedAt: (row) => row.endedAt,
    payload: ({ actorId, status, startedAt, endedAt }) =>
      ({ actorId, status, startedAt, endedAt }) as AttendanceEntity,
  },
})
export const attendanceById = defineFinder(attendances, ['id'])
export const activeAttendanceOf = defineFinder(attendances, ['actorId'], { column: 'status', is: 'ACTIVE' })
