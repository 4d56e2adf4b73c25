import { defineModule } from '../../sync/module.ts'
import { letInDevice, saveStaff, shutOutDevice } from './operations.ts'
import { credentials, deviceAccess, deviceSignIns, members } from './tables.ts'

/** Who belongs to a tenant, to which branches, and what their role lets them do. */
export const access = defineModule({
  name: 'access',
  tables: [members, credentials, deviceSignIns, deviceAccess],
  operations: [saveStaff, shutOutDevice, letInDevice],
})
