/** The settings of the business while they are edited. */
import { type TenantSave, tenantSave } from '../../contract.ts'
import type { SettingsQuery } from '../generated/graphql.ts'
import { type FormValues, formValues } from './form-values.ts'
import { parseWhole } from './money.ts'

export type Settings = SettingsQuery['tenant']
export type SettingsDraft = {
  name: string
  timeZone: string
  actingDays: string
  managerPinDigits: string
  /** Only devices that were let in may sign in. */
  enrolsDevices: boolean
  /** Off: a sale is never too old, whatever the days say. */
  refusesOld: boolean
  refuseRevisionsOlderDays: string
}

/** Where nothing is too old yet, and somebody wants it to be: days to begin with. */
const suggestedDays = 30

export const settingsDraft = (settings: Settings): SettingsDraft => ({
  name: settings.name,
  timeZone: settings.timeZone,
  actingDays: String(settings.actingDays),
  managerPinDigits: String(settings.managerPinDigits),
  enrolsDevices: settings.deviceEnrolment === 'APPROVED',
  refusesOld: settings.refuseRevisionsOlderDays !== null,
  refuseRevisionsOlderDays: String(settings.refuseRevisionsOlderDays ?? suggestedDays),
})

export const settingsFrom = ({
  refusesOld,
  enrolsDevices,
  ...draft
}: SettingsDraft): FormValues<TenantSave> =>
  formValues(tenantSave, {
    name: draft.name,
    timeZone: draft.timeZone,
    actingDays: parseWhole(draft.actingDays),
    managerPinDigits: parseWhole(draft.managerPinDigits),
    deviceEnrolment: enrolsDevices ? 'APPROVED' : 'OPEN',
    // What is no number must not pass for never.
    refuseRevisionsOlderDays: refusesOld ? (parseWhole(draft.refuseRevisionsOlderDays) ?? Number.NaN) : null,
  })
