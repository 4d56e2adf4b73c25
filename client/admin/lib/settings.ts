/** The settings of the business while they are edited. */
import { type TenantSave, tenantSave } from '../../contract.ts'
import type { SettingsQuery } from '../generated/graphql.ts'
import { parseWhole } from './money.ts'

export type Settings = SettingsQuery['tenant']
export type SettingsDraft = {
  name: string
  actingDays: string
  managerPinDigits: string
  /** Off: a sale is never too old, whatever the days say. */
  refusesOld: boolean
  refuseRevisionsOlderDays: string
}

/** Where nothing is too old yet, and somebody wants it to be: days to begin with. */
const suggestedDays = 30

export const settingsDraft = (settings: Settings): SettingsDraft => ({
  name: settings.name,
  actingDays: String(settings.actingDays),
  managerPinDigits: String(settings.managerPinDigits),
  refusesOld: settings.refuseRevisionsOlderDays !== null,
  refuseRevisionsOlderDays: String(settings.refuseRevisionsOlderDays ?? suggestedDays),
})

/** The values, or which of the fields are wrong, by the module's own contract. */
export function settingsFrom({
  refusesOld,
  ...draft
}: SettingsDraft): { values: TenantSave; wrong: null } | { values: null; wrong: ReadonlySet<string> } {
  const parsed = tenantSave.safeParse({
    name: draft.name,
    actingDays: parseWhole(draft.actingDays),
    managerPinDigits: parseWhole(draft.managerPinDigits),
    // What is no number must not pass for never.
    refuseRevisionsOlderDays: refusesOld ? (parseWhole(draft.refuseRevisionsOlderDays) ?? Number.NaN) : null,
  })
  if (parsed.success) return { values: parsed.data, wrong: null }
  return { values: null, wrong: new Set(parsed.error.issues.map(({ path }) => String(path[0]))) }
}
