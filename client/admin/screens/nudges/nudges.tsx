import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Screen } from '../../components/screen.tsx'
import { NudgeChart } from './nudge-chart.tsx'
import { NudgeList } from './nudge-list.tsx'

/** The news as it comes, for those who look after the tills. */
export default function Nudges() {
  const { t } = useTranslation('admin')
  return (
    <Screen title={t('shell.nav.nudges')}>
      <Stack gap="lg">
        <NudgeChart />
        <NudgeList />
      </Stack>
    </Screen>
  )
}
