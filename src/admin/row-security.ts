/**
 * Commands about who sees which rows: PostgreSQL's own separation of tenants.
 */
import { secureRows } from '../platform/row-security.ts'
import type { Command } from './command.ts'

const turn =
  (isOn: boolean): Command['run'] =>
  async ({ databaseUrl, isDryRun }) => {
    if (isDryRun)
      return { said: [`row-level security would be ${isOn ? 'on' : 'off'} for every table of tenants`] }
    const tables = await secureRows(databaseUrl, isOn)
    return { said: [`row-level security is ${isOn ? 'on' : 'off'}: ${tables.length} tables were changed`] }
  }

export const rowSecurity: Record<string, Command> = {
  'row-security on': {
    args: [],
    does: 'PostgreSQL itself keeps tenants apart from now on. Once every gateway is of a version that names its tenant',
    withoutTables: true,
    run: turn(true),
  },
  'row-security off': {
    args: [],
    does: 'and not any more: before gateways of a version that does not are started again',
    withoutTables: true,
    run: turn(false),
  },
}
