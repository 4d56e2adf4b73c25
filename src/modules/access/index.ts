import { defineModule } from '../../sync/module.ts'
import { addAccessReads } from './graphql.ts'
import { letInDevice, renameDevice, saveStaff, shutOutDevice } from './operations.ts'
import { credentials, deviceAccess, deviceNames, deviceSignIns, memberBranches, members } from './tables.ts'
import * as words from './words.ts'

/** Who belongs to a tenant, to which branches, and what their role lets them do. */
export const access = defineModule({
  name: 'access',
  ...words,
  tables: [members, memberBranches, credentials, deviceSignIns, deviceAccess, deviceNames],
  operations: [saveStaff, shutOutDevice, letInDevice, renameDevice],
  reads: addAccessReads,
})
