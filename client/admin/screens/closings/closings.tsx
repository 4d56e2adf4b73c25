import { Table, Text } from '@mantine/core'
import { IconFileCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClosingStatementEntity, ClosingSupplementEntity } from '../../../contract.ts'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { BranchPicker, useBranch } from '../../components/branch-picker.tsx'
import { InBranch, useZoneOf } from '../../components/in-branch.tsx'
import { LoadMore } from '../../components/load-more.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Both, Difference, Usd } from '../../components/money.tsx'
import { usePersonName } from '../../components/names.tsx'
import { OpenRow } from '../../components/open-row.tsx'
import { RowTable } from '../../components/row-table.tsx'
import { Screen } from '../../components/screen.tsx'
import { Tag } from '../../components/tag.tsx'
import { Time } from '../../components/time.tsx'
import type { ClosingsQuery } from '../../generated/graphql.ts'
import { isOfKind, leftOf, outsideCount } from '../../lib/closing.ts'
import { useList } from '../../live/use-reading.ts'
import { ClosingDetails } from './closing-details.tsx'
import { ClosingsBar, type Shown, timesOf } from './closings-bar.tsx'
import { closingsQuery } from './documents.ts'

type Node = ClosingsQuery['closings']['edges'][number]['node']
export type Closing = Omit<Node, 'content' | 'supplements'> & {
  content: ClosingStatementEntity
  supplements: ClosingSupplementEntity[]
}

const closingOf = ({ content, supplements, ...node }: Node): Closing => ({
  ...node,
  content: content as ClosingStatementEntity,
  supplements: supplements.edges.map(({ node: { content: of } }) => of as ClosingSupplementEntity),
})

export default function Closings() {
  const { t } = useTranslation('admin')
  const [branchId, setBranchId] = useBranch()
  const [opened, setOpened] = useState<string | null>(null)
  const [shown, setShown] = useState<Shown>({ from: '', to: '', kind: 'all' })
  const timeZone = useZoneOf(branchId)
  const closings = useList(
    closingsQuery,
    { branchId, ...timesOf(shown, timeZone) },
    (data) => data.closings,
    { modules: ['CASH_SESSION'], branchId },
  )
  const all = (closings.data?.nodes ?? []).map(closingOf)
  const those = all.filter((each) => isOfKind(each, shown.kind))
  const openedOne = all.find(({ cashSessionId }) => cashSessionId === opened)
  return (
    <InBranch branchId={branchId}>
      <Screen title={t('closings.title')} actions={<BranchPicker value={branchId} onChange={setBranchId} />}>
        <ClosingsBar {...{ shown, branchId, timeZone }} onChange={setShown} closings={those} />
        <Loaded of={closings}>
          {() =>
            those.length === 0 ? (
              <EmptyState icon={IconFileCheck} title={t('closings.none')} text={t('closings.noneText')} />
            ) : (
              <RowTable
                label={t('closings.title')}
                columns={[
                  { name: t('closings.number') },
                  { name: t('closings.sales'), isNumber: true },
                  { name: t('cash.expected'), isNumber: true, from: 'lg' },
                  { name: t('cash.counted'), isNumber: true, from: 'lg' },
                  { name: t('cash.difference'), isNumber: true },
                  { name: t('closings.left'), isNumber: true, from: 'md' },
                  { name: t('closings.outside') },
                ]}
              >
                {those.map((closing) => (
                  <ClosingRow
                    key={closing.cashSessionId}
                    closing={closing}
                    onOpen={() => setOpened(closing.cashSessionId)}
                  />
                ))}
              </RowTable>
            )
          }
        </Loaded>
        <LoadMore of={closings} />
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
  const { content, supplements } = closing
  const outside = outsideCount(content)
  const left = leftOf(closing)
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
      </Table.Td>
      <Table.Td ta="right">
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
      <Table.Td ta="right">{content.difference && <Difference of={content.difference} />}</Table.Td>
      <Table.Td ta="right" visibleFrom="md">
        {supplements.length > 0 && left && <Difference of={left} />}
      </Table.Td>
      <Table.Td>
        {outside > 0 && <Tag color="yellow">{t('closings.outsideCount', { count: outside })}</Tag>}
        {supplements.length > 0 && (
          <Tag color="blue">{t('closings.supplementCount', { count: supplements.length })}</Tag>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
