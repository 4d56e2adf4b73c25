import { defineModule } from '../../sync/module.ts'
import { glossary } from './glossary.ts'
import { addAttendanceReads } from './graphql.ts'
import { endWork, startWork } from './operations.ts'
import { attendances } from './tables.ts'
import * as words from './words.ts'

/** Who worked when. */
export const attendance = defineModule({
  name: 'attendance',
  ...words,
  tables: [attendances],
  operations: [startWork, endWork],
  reads: addAttendanceReads,
  glossary,
})
