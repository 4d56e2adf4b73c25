import { Switch, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { EditForm } from '../../components/edit-form.tsx'
import { ZoneField } from '../../components/zone-field.tsx'
import { type Settings, type SettingsDraft, settingsDraft, settingsFrom } from '../../lib/settings.ts'
import { useMay } from '../../live/console.ts'
import { useEditForm } from '../../live/use-intent-form.ts'

/** What is typed, by the test id of its field. */
const testIds = {
  name: 'business-name',
  actingDays: 'acting-days',
  managerPinDigits: 'manager-pin-digits',
  refuseRevisionsOlderDays: 'refuse-older-days',
} as const satisfies Partial<Record<keyof SettingsDraft, string>>
const fields = Object.keys(testIds) as (keyof typeof testIds)[]

export function SettingsForm({ settings }: { settings: Settings }) {
  const { t } = useTranslation('admin')
  const mayEdit = useMay('tenant.edit')
  const answer = useEditForm('tenant.save', {
    there: { ...settings, deviceEnrolment: settings.deviceEnrolment === 'APPROVED' ? 'APPROVED' : 'OPEN' },
    draft: settingsDraft(settings),
    from: settingsFrom,
    words: () => Object.fromEntries(fields.map((name) => [name, t(`settings.wrong.${name}`)])),
    done: () => t('settings.saved'),
  })
  const { form } = answer
  const field = (name: keyof typeof testIds) => ({
    label: t(`settings.${name}`),
    description: t(`settings.hint.${name}`),
    readOnly: !mayEdit,
    autoComplete: 'off',
    'data-testid': testIds[name],
    ...form.getInputProps(name),
  })
  const toggle = (name: 'enrolsDevices' | 'refusesOld') => ({
    size: 'md',
    label: t(`settings.${name}`),
    description: t(`settings.hint.${name}`),
    ...form.getInputProps(name, { type: 'checkbox' }),
    disabled: !mayEdit || answer.intent.isOpen,
  })
  return (
    <EditForm of={answer} mayEdit={mayEdit} maxWidth="44rem" save="save-settings">
      <TextInput {...field('name')} maxLength={100} />
      <ZoneField
        label={t('settings.timeZone')}
        description={t('settings.hint.timeZone')}
        {...form.getInputProps('timeZone')}
        readOnly={!mayEdit}
        data-testid="business-zone"
      />
      <TextInput {...field('actingDays')} inputMode="numeric" />
      <TextInput {...field('managerPinDigits')} inputMode="numeric" />
      <Switch {...toggle('enrolsDevices')} data-testid="enrols-devices" />
      <Switch {...toggle('refusesOld')} data-testid="refuses-old" />
      {form.values.refusesOld && <TextInput {...field('refuseRevisionsOlderDays')} inputMode="numeric" />}
    </EditForm>
  )
}
