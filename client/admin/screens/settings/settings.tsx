import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Loaded } from '../../components/loaded.tsx'
import { OnlyAdmin } from '../../components/only-admin.tsx'
import { Screen } from '../../components/screen.tsx'
import { useReading } from '../../live/use-reading.ts'
import { settingsQuery } from './documents.ts'
import { SettingsForm } from './settings-form.tsx'

/** The settings are in no stream: nothing nudges for them. */
const askEveryMs = 5_000

export default function SettingsScreen() {
  const { t } = useTranslation('admin')
  const settings = useReading(settingsQuery, {}, { modules: [], everyMs: askEveryMs })
  return (
    <Screen title={t('settings.title')}>
      <OnlyAdmin permission="tenant.edit" />
      <Loaded of={settings} skeleton={<Skeleton height={480} maw="44rem" />}>
        {(data) => <SettingsForm settings={data.tenant} />}
      </Loaded>
    </Screen>
  )
}
