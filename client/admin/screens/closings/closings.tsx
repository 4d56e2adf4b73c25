import { Box, Table, Text } from '@mantine/core'
import { IconFileCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { BranchPicker, useBranch } from '../../components/branch-picker.tsx'
import { InBranch, useZoneOf } from '../../components/in-branch.tsx'
import { LoadedList } from '../../components/loaded-list.tsx'
import { Both, Difference, Usd } from '../../components/money.tsx'
import { usePersonName } from '../../components/names.tsx'
import { OpenRow } from '../../components/open-row.tsx'
import { RowTable } from '../../components/row-table.tsx'
import { Screen } from '../../components/screen.tsx'
import { Time } from '../../components/time.tsx'
import { useHasColumns } from '../../components/use-has-columns.ts'
import type { ClosingsQuery } from '../../generated/graphql.ts'
import { isOfKind, toldOf, unexplainedOf } from '../../lib/closing.ts'
import { useList } from '../../live/use-reading.ts'
import { ClosingDetails } from './closing-details.tsx'
import { ClosingsBar, type Shown, timesOf } from './closings-bar.tsx'
import { closingsQuery } from './documents.ts'
import { Why } from './why.tsx'

export type Closing = ReturnType<typeof toldOf<ClosingsQuery['closings']['edges'][number]['node']>>

export default function Closings() {
  const { t } = useTranslation('admin')
  const branchId = useBranch()
  const [opened, setOpened] = useState<string | null>(null)
  const [shown, setShown] = useState<Shown>({ from: '', to: '', kind: 'all' })
  const timeZone = useZoneOf(branchId)
  const closings = useList(
    closingsQuery,
    { branchId, ...timesOf(shown, timeZone) },
    (data) => data.closings,
    { modules: ['CASH_SESSION'], branchId },
  )
  const all = (closings.data?.nodes ?? []).map(toldOf)
  const those = all.filter((each) => isOfKind(each, shown.kind))
  const list = { ...closings, data: closings.data && { ...closings.data, nodes: those } }
  const openedOne = all.find(({ cashSessionId }) => cashSessionId === opened)
  return (
    <InBranch branchId={branchId}>
      <Screen title={t('closings.title')} actions={<BranchPicker />}>
        <ClosingsBar {...{ shown, branchId, timeZone }} onChange={setShown} closings={those} />
        <LoadedList
          of={list}
          empty={<EmptyState icon={IconFileCheck} title={t('closings.none')} text={t('closings.noneText')} />}
        >
          {(nodes) => (
            <RowTable
              label={t('closings.title')}
              columns={[
                { name: t('closings.number') },
                { name: t('cash.difference'), isNumber: true },
                { name: t('closings.why.title'), from: 'md' },
                { name: t('closings.left'), isNumber: true, from: 'md' },
                { name: t('closings.sales'), isNumber: true, from: 'md' },
                { name: t('cash.expected'), isNumber: true, from: 'lg' },
                { name: t('cash.counted'), isNumber: true, from: 'lg' },
              ]}
            >
              {nodes.map((closing) => (
                <ClosingRow
                  key={closing.cashSessionId}
                  closing={closing}
                  onOpen={() => setOpened(closing.cashSessionId)}
                />
              ))}
            </RowTable>
          )}
        </LoadedList>
        {openedOne && (
          <ClosingDetails closing={openedOne} branchId={branchId} onClose={() => setOpened(null)} />
        )}
      </Screen>
    </InBranch>
  )
}

function ClosingRow({ closing, onOpen }: { closing: Closing; onOpen: () => void }) {
  const { t } = useTranslation('admin')
  const personName = usePersonName()
  const hasColumns = useHasColumns()
  const { content } = closing
  const unexplained = unexplainedOf(closing)
  return (
    <Table.Tr
      onClick={onOpen}
      style={{ cursor: 'pointer' }}
      data-testid="closing-row"
      data-session={closing.cashSessionId}
    >
      <Table.Td>
        <OpenRow onOpen={onOpen}>
          {closing.number} · <Time of={content.closedAt} span />
        </OpenRow>
        <Text size="sm" c="dimmed">
          {personName(content.closedBy)}
        </Text>
        {!hasColumns && (
          <Box mt={4}>
            <Why of={closing} />
          </Box>
        )}
      </Table.Td>
      <Table.Td ta="right">
        {content.difference ? <Difference of={content.difference} fw={650} /> : t('cash.notCounted')}
      </Table.Td>
      {hasColumns && (
        <Table.Td miw="14rem">
          <Why of={closing} />
        </Table.Td>
      )}
      <Table.Td ta="right" visibleFrom="md">
        {unexplained && <Difference of={unexplained} />}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="md">
        {content.sales.count}
        <br />
        <Usd of={content.sales.totalUsd} />
      </Table.Td>
      <Table.Td ta="right" visibleFrom="lg">
        <Both of={content.expected} />
      </Table.Td>
      <Table.Td ta="right" visibleFrom="lg">
        {content.counted ? <Both of={content.counted} /> : t('cash.notCounted')}
      </Table.Td>
    </Table.Tr>
  )
}
