import { Card, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useEntities } from '../../../react/index.ts'
import { useFormats } from '../../../ui/format.ts'
import { PendingMark } from '../../components/pending-mark.tsx'
import { Screen } from '../../components/screen.tsx'
import { useContextOfTill, useRightNow } from '../../hooks/use-context.ts'
import { latestWork, runningWork, timeSince } from '../../lib/work.ts'
import { WorkButton } from '../../shell/work-button.tsx'

/** Home of whoever sells nothing: their work, begun and ended here, and when it was. */
export function WorkScreen() {
  const { t } = useTranslation('pos')
  const { time, dayAndTime } = useFormats()
  const { actorId } = useContextOfTill()
  const attendances = useEntities('attendance', { where: { actorId } })
  const running = runningWork(attendances, actorId)
  const now = useRightNow(30_000)
  return (
    <Screen title={t('work.title')}>
      <Stack maw="36rem">
        <Card withBorder>
          <Stack align="flex-start">
            <Text size="lg" data-testid="work-state">
              {running ? t('work.since', { time: dayAndTime(running.startedAt) }) : t('work.notRunning')}
            </Text>
            {running && (
              <Text fw={700} size="xl">
                {t('work.runs', timeSince(running.startedAt, now))}
              </Text>
            )}
            <WorkButton />
          </Stack>
        </Card>
        <Card withBorder>
          <Title order={2} size="h4" mb="sm">
            {t('work.last')}
          </Title>
          {attendances.length === 0 && <Text c="dimmed">{t('work.none')}</Text>}
          <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }}>
            {latestWork(attendances).map((each) => (
              <li key={each.id} data-testid="work-row">
                <Text span fw={600}>
                  {dayAndTime(each.startedAt)} – {each.endedAt ? time(each.endedAt) : t('work.now')}
                </Text>{' '}
                <Text span c="dimmed">
                  {t('work.runs', timeSince(each.startedAt, each.endedAt ? new Date(each.endedAt) : now))}
                </Text>{' '}
                {each.pending && <PendingMark />}
              </li>
            ))}
          </Stack>
        </Card>
      </Stack>
    </Screen>
  )
}
