import { Switch, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { EditForm } from '../../components/edit-form.tsx'
import { ZoneField } from '../../components/zone-field.tsx'
import { changedIn } from '../../lib/changed-in.ts'
import { fieldsIn } from '../../lib/intent.ts'
import { type Settings, type SettingsDraft, settingsFrom } from '../../lib/settings.ts'
import { useMay } from '../../live/console.ts'
import { useIntent } from '../../live/use-intent.ts'

/** What is typed, by the test id of its field. */
const testIds = {
  name: 'business-name',
  actingDays: 'acting-days',
  managerPinDigits: 'manager-pin-digits',
  refuseRevisionsOlderDays: 'refuse-older-days',
} as const satisfies Partial<Record<keyof SettingsDraft, string>>

export function SettingsForm(props: {
  settings: Settings
  draft: SettingsDraft
  onChange: (part: Partial<SettingsDraft>) => void
  onReset: () => void
}) {
  const { settings, draft, onChange, onReset } = props
  const { t } = useTranslation('admin')
  const mayEdit = useMay('tenant.edit')
  const intent = useIntent('tenant.save', { done: t('settings.saved'), onDone: onReset })
  const { values, wrong } = settingsFrom(draft)
  const refused = fieldsIn(intent.state)

  /** Also takes back what the gateway said of what was there before. */
  function change(part: Partial<SettingsDraft>): void {
    intent.dismiss()
    onChange(part)
  }
  function reset(): void {
    intent.dismiss()
    onReset()
  }
  const field = (name: keyof typeof testIds) => ({
    label: t(`settings.${name}`),
    description: t(`settings.hint.${name}`),
    value: draft[name],
    onChange: (event: { currentTarget: { value: string } }) => change({ [name]: event.currentTarget.value }),
    error: (wrong?.has(name) || refused.has(name)) && t(`settings.wrong.${name}`),
    readOnly: !mayEdit,
    disabled: intent.isOpen,
    autoComplete: 'off',
    'data-testid': testIds[name],
  })
  return (
    <EditForm
      intent={intent}
      changes={values && changedIn(values, settings)}
      mayEdit={mayEdit}
      onReset={reset}
      maxWidth="44rem"
      save="save-settings"
    >
      <TextInput {...field('name')} maxLength={100} />
      <ZoneField
        label={t('settings.timeZone')}
        description={t('settings.hint.timeZone')}
        value={draft.timeZone}
        onChange={(timeZone) => change({ timeZone })}
        readOnly={!mayEdit}
        disabled={intent.isOpen}
        data-testid="business-zone"
      />
      <TextInput {...field('actingDays')} inputMode="numeric" />
      <TextInput {...field('managerPinDigits')} inputMode="numeric" />
      <Switch
        size="md"
        label={t('settings.refusesOld')}
        description={t('settings.hint.refusesOld')}
        checked={draft.refusesOld}
        onChange={(event) => change({ refusesOld: event.currentTarget.checked })}
        disabled={!mayEdit || intent.isOpen}
        data-testid="refuses-old"
      />
      {draft.refusesOld && <TextInput {...field('refuseRevisionsOlderDays')} inputMode="numeric" />}
    </EditForm>
  )
}
