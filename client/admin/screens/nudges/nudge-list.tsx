import { Group, Paper, Table, Text, Title } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { quantity } from '../../../ui/format.ts'
import { useBranchName } from '../../components/names.tsx'
import { ScrollRegion } from '../../components/scroll-region.tsx'
import { Tag } from '../../components/tag.tsx'
import { useClock } from '../../components/use-clock.ts'
import { useWords } from '../../components/use-words.ts'
import { useBackend } from '../../live/console.ts'
import classes from './nudge-list.module.css'

const shown = 20

/** The last nudges, the newest first. */
export function NudgeList() {
  const { t } = useTranslation('admin')
  const word = useWords()
  const clock = useClock()
  const branchName = useBranchName()
  const { live } = useBackend()
  const news = useSyncExternalStore(live.subscribe, live.news)
  return (
    <Paper withBorder p="lg" radius="lg">
      <Title order={2} size="h4" mb="md">
        {t('overview.nudges.recent')}
      </Title>
      {news.length === 0 ? (
        <Text c="dimmed">{t('overview.nudges.none')}</Text>
      ) : (
        <ScrollRegion label={t('overview.nudges.recent')} className={classes.list}>
          <Table verticalSpacing="xs" stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('overview.nudges.time')}</Table.Th>
                <Table.Th>{t('shell.branch')}</Table.Th>
                <Table.Th>{t('overview.nudges.what')}</Table.Th>
                <Table.Th ta="right">{t('overview.nudges.seq')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {news.slice(0, shown).map(({ id, at, branchId, modules, headSeq }) => (
                <Table.Tr
                  key={id}
                  className={classes.row}
                  data-testid="nudge-row"
                  data-branch={branchId}
                  data-modules={modules.join(' ')}
                >
                  <Table.Td>{clock(at)}</Table.Td>
                  <Table.Td>{branchName(branchId)}</Table.Td>
                  <Table.Td>
                    <Group gap={4}>
                      {modules.map((module) => (
                        <Tag key={module} color="gray">
                          {word('module', module)}
                        </Tag>
                      ))}
                    </Group>
                  </Table.Td>
                  <Table.Td ta="right">{quantity(headSeq)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollRegion>
      )}
    </Paper>
  )
}
