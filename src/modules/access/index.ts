import { defineModule } from '../../sync/module.ts'
import { saveStaff } from './operations.ts'
import { credentials, deviceSignIns, members } from './tables.ts'

/** Who belongs to a tenant, to which branches, and what their role lets them do. */
export const access = defineModule({
  name: 'access',
  tables: [members, credentials, deviceSignIns],
  operations: [saveStaff],
})
