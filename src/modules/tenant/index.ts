import { defineModule } from '../../sync/module.ts'
import { glossary } from './glossary.ts'
import { addTenantReads } from './graphql.ts'
import { freeze, save, saveTenant, unfreeze } from './operations.ts'
import { branches, tenants } from './tables.ts'
import * as words from './words.ts'

/** Tenants and their branches. */
export const tenant = defineModule({
  name: 'tenant',
  ...words,
  tables: [tenants, branches],
  operations: [saveTenant, save, freeze, unfreeze],
  reads: addTenantReads,
  glossary,
})
