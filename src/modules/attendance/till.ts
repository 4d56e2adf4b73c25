import { defineTillModule, entity, local, thing, typeOnly } from '../../sync/till.ts'
import { endWork, startWork } from './operations.ts'
import { attendances } from './tables.ts'
import { type codes, permissions, scopes } from './words.ts'

/** On a shared tablet the token of one person may not read the work of another, who can end it here all the same. */
const theWork = thing(attendances, 'attendanceId', { keptUntil: ['ATTENDANCE_NOT_ACTIVE'] })

export const attendanceTill = defineTillModule({
  name: 'attendance',
  scopes,
  permissions,
  codes: typeOnly<keyof typeof codes>(),
  first: true,
  operations: [local(startWork, { makes: [theWork] }), local(endWork, { ends: [theWork] })],
  entities: [
    entity(attendances, {
      together: true,
      row: (id, { actorId, status, startedAt, endedAt }, { branchId }) => ({
        id,
        branchId,
        actorId,
        status,
        startedAt: new Date(startedAt),
        endedAt: endedAt ? new Date(endedAt) : null,
        startLocation: null,
        endLocation: null,
      }),
    }),
  ],
})
