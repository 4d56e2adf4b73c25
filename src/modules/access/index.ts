import { defineModule } from '../../sync/module.ts'
import { glossary } from './glossary.ts'
import { addAccessReads } from './graphql.ts'
import {
  approveDevice,
  inviteDevice,
  letInDevice,
  renameDevice,
  saveStaff,
  shutOutDevice,
} from './operations.ts'
import {
  credentials,
  deviceAccess,
  deviceInvites,
  deviceNames,
  deviceSignIns,
  memberBranches,
  members,
} from './tables.ts'
import * as words from './words.ts'

/** Who belongs to a tenant, to which branches, and what their role lets them do. */
export const access = defineModule({
  name: 'access',
  ...words,
  tables: [members, memberBranches, credentials, deviceSignIns, deviceAccess, deviceInvites, deviceNames],
  operations: [saveStaff, shutOutDevice, letInDevice, renameDevice, approveDevice, inviteDevice],
  reads: addAccessReads,
  glossary,
})
