import { Button, Group, Paper, Stack, Switch, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { IntentNotice } from '../../components/intent-notice.tsx'
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
  const { t } = useTranslation(['admin', 'ui'])
  const mayEdit = useMay('tenant.edit')
  const intent = useIntent('tenant.save', { done: t('settings.saved'), onDone: onReset })
  const { values, wrong } = settingsFrom(draft)
  const refused = fieldsIn(intent.state)
  const changes = values && changedIn(values, settings)
  const isChanged = changes === null || Object.keys(changes).length > 0

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
    <Paper withBorder radius="lg" p="lg" maw="44rem">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (changes && isChanged) intent.send(changes)
        }}
        noValidate
      >
        <Stack gap="lg">
          <TextInput {...field('name')} maxLength={100} />
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
          <IntentNotice of={intent} />
          {mayEdit && (
            <Group justify="flex-end">
              {isChanged && (
                <Button variant="default" onClick={reset} disabled={intent.isOpen}>
                  {t('settings.undo')}
                </Button>
              )}
              <Button
                type="submit"
                loading={intent.state.is === 'sending'}
                disabled={!isChanged || changes === null || intent.isOpen}
                data-testid="save-settings"
              >
                {t('ui:action.save')}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Paper>
  )
}
