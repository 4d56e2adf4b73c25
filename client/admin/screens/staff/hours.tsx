import { ActionIcon, Group, Paper, Table, Text, Title } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dayAfter, dayOf, startOfDay } from '../../../contract.ts'
import { TimeZone, useFormats } from '../../../ui/format.ts'
import { BranchPicker, useBranch } from '../../components/branch-picker.tsx'
import { useZoneOf } from '../../components/in-branch.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { usePersonName } from '../../components/names.tsx'
import { ScrollRegion } from '../../components/scroll-region.tsx'
import { hoursOf, hoursText, mondayOf } from '../../lib/hours.ts'
import { useWhole } from '../../live/use-reading.ts'
import { useRightNow } from '../../live/use-right-now.ts'
import { workQuery } from './documents.ts'

/** Who worked when in a branch, a week at a time. */
export function StaffHours() {
  const branchId = useBranch()
  const timeZone = useZoneOf(branchId)
  return (
    <TimeZone value={timeZone}>
      <Week branchId={branchId} timeZone={timeZone} />
    </TimeZone>
  )
}

function Week({ branchId, timeZone }: { branchId: string; timeZone: string }) {
  const { t } = useTranslation('admin')
  const personName = usePersonName()
  const { day: written } = useFormats()
  const now = useRightNow(60_000)
  const [weeksAgo, setWeeksAgo] = useState(0)
  const monday = dayAfter(mondayOf(dayOf(new Date(now), timeZone)), -7 * weeksAgo)
  const days = Array.from({ length: 7 }, (_, i) => dayAfter(monday, i))
  const work = useWhole(workQuery, { branchId }, (data) => data.attendance, { modules: ['ATTENDANCE'] })
  return (
    <Paper withBorder radius="lg" p="md" mt="lg" component="section" aria-label={t('staff.hours.title')}>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {t('staff.hours.title')}
        </Title>
        <Group gap="xs">
          <BranchPicker />
          <ActionIcon
            variant="default"
            size={44}
            aria-label={t('staff.hours.before')}
            onClick={() => setWeeksAgo(weeksAgo + 1)}
          >
            <IconChevronLeft aria-hidden />
          </ActionIcon>
          <Text>{written(startOfDay(monday, timeZone))}</Text>
          <ActionIcon
            variant="default"
            size={44}
            aria-label={t('staff.hours.after')}
            disabled={weeksAgo === 0}
            onClick={() => setWeeksAgo(weeksAgo - 1)}
          >
            <IconChevronRight aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
      <Loaded of={work}>
        {({ nodes }) => {
          const rows = hoursOf(nodes, days, timeZone, now)
          return rows.length === 0 ? (
            <Text c="dimmed">{t('staff.hours.none')}</Text>
          ) : (
            <ScrollRegion label={t('staff.hours.title')}>
              <Table aria-label={t('staff.hours.title')} style={{ fontVariantNumeric: 'tabular-nums' }}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('staff.person')}</Table.Th>
                    <Table.Th ta="right">{t('staff.hours.week')}</Table.Th>
                    {days.map((day) => (
                      <Table.Th key={day} ta="right">
                        {written(startOfDay(day, timeZone)).replace(/ \d{4}$/, '')}
                      </Table.Th>
                    ))}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {rows.map(({ actorId, minutes, total }) => (
                    <Table.Tr key={actorId} data-testid="hours-row" data-account={actorId}>
                      <Table.Td>{personName(actorId)}</Table.Td>
                      <Table.Td ta="right" fw={650}>
                        {hoursText(total)}
                      </Table.Td>
                      {minutes.map((each, i) => (
                        <Table.Td key={days[i]} ta="right">
                          {each > 0 ? hoursText(each) : ''}
                        </Table.Td>
                      ))}
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </ScrollRegion>
          )
        }}
      </Loaded>
    </Paper>
  )
}
