import { Skeleton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Loaded } from '../../components/loaded.tsx'
import { OnlyAdmin } from '../../components/only-admin.tsx'
import { Screen } from '../../components/screen.tsx'
import { type Settings, type SettingsDraft, settingsDraft } from '../../lib/settings.ts'
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
        {(data) => <Edit settings={data.tenant} />}
      </Loaded>
    </Screen>
  )
}

function Edit({ settings }: { settings: Settings }) {
  /** What was touched; the rest is as it is, whatever comes in. */
  const [touched, setTouched] = useState<Partial<SettingsDraft>>({})
  return (
    <SettingsForm
      settings={settings}
      draft={{ ...settingsDraft(settings), ...touched }}
      onChange={(part) => setTouched((before) => ({ ...before, ...part }))}
      onReset={() => setTouched({})}
    />
  )
}
