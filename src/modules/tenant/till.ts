import { defineTillModule, entity, granted, online } from '../../sync/till.ts'
import { defaultTimeZone } from '../primitives.ts'
import type { BranchSave, TenantSave } from './contract.ts'
import { branches, tenants } from './tables.ts'
import { permissions, scopes } from './words.ts'

type Nothing = Record<string, never>

export const tenantTill = defineTillModule({
  name: 'tenant',
  scopes,
  permissions,
  first: true,
  online: {
    'tenant.save': online<TenantSave>('tenant'),
    'branch.save': online<BranchSave>('branch'),
    'branch.freeze': online<Nothing>('branch', { hasInput: false }),
    'branch.unfreeze': online<Nothing>('branch', { hasInput: false }),
  },
  entities: [
    entity(branches, {
      row: (branchId, { name, status, timeZone }) => ({
        branchId,
        name,
        status,
        timeZone: timeZone ?? defaultTimeZone,
      }),
    }),
  ],
  rows: [
    granted(tenants, () => ({
      name: '',
      status: 'ACTIVE',
      actingDays: 30,
      deviceEnrolment: 'OPEN',
      managerPinDigits: 6,
      refuseWeakPins: true,
      refuseRevisionsOlderDays: null,
      timeZone: defaultTimeZone,
    })),
  ],
})
