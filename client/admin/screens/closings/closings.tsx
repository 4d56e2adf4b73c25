import { Box } from '@mantine/core'
import { IconFileCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { BranchPicker, useBranch } from '../../components/branch-picker.tsx'
import { InBranch, useZoneOf } from '../../components/in-branch.tsx'
import { LoadedList } from '../../components/loaded-list.tsx'
import { Both, Difference, Usd } from '../../components/money.tsx'
import { usePersonName } from '../../components/names.tsx'
import { type Column, RowTable } from '../../components/row-table.tsx'
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
  const columns = useColumns()
  const [opened, setOpened] = useState<string | null>(null)
  const [shown, setShown] = useState<Shown>({ from: '', to: '', kind: 'all' })
  const timeZone = useZoneOf(branchId)
  const closings = useList(
    closingsQuery,
    { branchId, ...timesOf(shown, timeZone) },
    (data) => data.closings,
    { modules: ['CASH_SESSION'] },
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
              rows={nodes}
              keyOf={({ cashSessionId }) => cashSessionId}
              marks={({ cashSessionId }) => ({ 'data-testid': 'closing-row', 'data-session': cashSessionId })}
              columns={columns}
              onOpen={({ cashSessionId }) => setOpened(cashSessionId)}
            />
          )}
        </LoadedList>
        {openedOne && (
          <ClosingDetails closing={openedOne} branchId={branchId} onClose={() => setOpened(null)} />
        )}
      </Screen>
    </InBranch>
  )
}

function useColumns(): (Column<Closing> | false)[] {
  const { t } = useTranslation('admin')
  const personName = usePersonName()
  const hasColumns = useHasColumns()
  return [
    {
      name: t('closings.number'),
      cell: ({ number, content }) => (
        <>
          {number} · <Time of={content.closedAt} span />
        </>
      ),
      below: (closing) => (
        <>
          {personName(closing.content.closedBy)}
          {!hasColumns && (
            <Box mt={4} c="var(--mantine-color-text)">
              <Why of={closing} />
            </Box>
          )}
        </>
      ),
    },
    {
      name: t('cash.difference'),
      isNumber: true,
      cell: ({ content: { difference } }) =>
        difference ? <Difference of={difference} fw={650} /> : t('cash.notCounted'),
    },
    hasColumns && {
      name: t('closings.why.title'),
      look: { miw: '14rem' },
      cell: (closing) => <Why of={closing} />,
    },
    {
      name: t('closings.left'),
      isNumber: true,
      from: 'md',
      cell: (closing) => {
        const unexplained = unexplainedOf(closing)
        return unexplained && <Difference of={unexplained} />
      },
    },
    {
      name: t('closings.sales'),
      isNumber: true,
      from: 'md',
      cell: ({ content: { sales } }) => (
        <>
          {sales.count}
          <br />
          <Usd of={sales.totalUsd} />
        </>
      ),
    },
    {
      name: t('cash.expected'),
      isNumber: true,
      from: 'lg',
      cell: ({ content: { expected } }) => <Both of={expected} />,
    },
    {
      name: t('cash.counted'),
      isNumber: true,
      from: 'lg',
      cell: ({ content: { counted } }) => (counted ? <Both of={counted} /> : t('cash.notCounted')),
    },
  ]
}
