import { Tabs, Text } from '@mantine/core'
import { IconChecks } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'wouter'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { BranchPicker, useBranch } from '../../components/branch-picker.tsx'
import { Filters, useFilters } from '../../components/filters.tsx'
import { InBranch } from '../../components/in-branch.tsx'
import { LoadedList } from '../../components/loaded-list.tsx'
import { useBranchName, useDeviceName, usePersonName } from '../../components/names.tsx'
import { RowTable } from '../../components/row-table.tsx'
import { Screen } from '../../components/screen.tsx'
import { Tag } from '../../components/tag.tsx'
import { Ago } from '../../components/time.tsx'
import { useWords } from '../../components/use-words.ts'
import type { Rejected } from '../../lib/rejected.ts'
import { useList } from '../../live/use-reading.ts'
import { Desk } from './desk.tsx'
import { rejectedQuery } from './documents.ts'
import { RejectedDetails } from './rejected-details.tsx'

/** Rejections change nothing that anybody pulls, so nothing nudges for them. */
const askEveryMs = 3_000

const views = ['desk', 'settled', 'all'] as const

/** The desk where refused work is dealt with; what was; and all that was ever rejected, to look at. */
export default function RejectedOperations() {
  const { t } = useTranslation('admin')
  const [search, setSearch] = useSearchParams()
  const branchId = useBranch()
  const given = views.find((each) => each === search.get('view'))
  const view = given ?? (search.has('code') ? 'all' : 'desk')
  const go = (to: string) => setSearch({ branch: branchId, view: to }, { replace: true })
  const empty = <EmptyState icon={IconChecks} title={t('rejected.none')} text={t('rejected.noneText')} />
  return (
    <Screen title={t('rejected.title')} actions={view !== 'all' && <BranchPicker />}>
      <Tabs value={view} onChange={(to) => to && go(to)} keepMounted={false}>
        <Tabs.List mb="md">
          {views.map((each) => (
            <Tabs.Tab key={each} value={each} data-testid={`rejected-${each}`}>
              {t(`rejected.view.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="desk">
          <InBranch branchId={branchId}>
            <Desk branchId={branchId} settled={false} empty={empty} />
          </InBranch>
        </Tabs.Panel>
        <Tabs.Panel value="settled">
          <Desk
            branchId={branchId}
            settled
            empty={<Text c="dimmed">{t('rejected.desk.noneSettled')}</Text>}
          />
        </Tabs.Panel>
        <Tabs.Panel value="all">
          <AllRejected />
        </Tabs.Panel>
      </Tabs>
    </Screen>
  )
}

function AllRejected() {
  const { t } = useTranslation('admin')
  const word = useWords()
  const branchName = useBranchName()
  const personName = usePersonName()
  const deviceName = useDeviceName()
  const filters = useFilters('code', { view: 'all' })
  const { branchId, word: code } = filters
  const [opened, setOpened] = useState<Rejected | null>(null)
  const rejected = useList(rejectedQuery, { branchId, code }, (data) => data.rejectedOperations, {
    modules: [],
    everyMs: askEveryMs,
  })

  return (
    <>
      <Filters kind="code" of={filters} label={t('rejected.code')} any={t('rejected.anyCode')} />
      <LoadedList
        of={rejected}
        empty={<EmptyState icon={IconChecks} title={t('rejected.none')} text={t('rejected.noneText')} />}
      >
        {(nodes) => (
          <RowTable
            label={t('rejected.title')}
            rows={nodes}
            keyOf={({ clientOpId }) => clientOpId}
            marks={(operation) => ({
              'data-testid': 'rejected-row',
              'data-code': operation.code,
              'data-id': operation.clientOpId,
            })}
            columns={[
              { name: t('rejected.operation'), cell: ({ type }) => word('type', type) },
              {
                name: t('rejected.code'),
                cell: (operation) => <Tag color="red">{word('code', operation.code ?? '')}</Tag>,
              },
              { name: t('rejected.when'), cell: ({ decidedAt }) => <Ago of={decidedAt} /> },
              { name: t('shell.branch'), cell: (operation) => branchName(operation.branchId) },
              { name: t('rejected.person'), from: 'lg', cell: ({ actorId }) => personName(actorId) },
              {
                name: t('rejected.device'),
                from: 'lg',
                cell: ({ deviceId }) => deviceName(deviceId),
                below: ({ deviceSeq }) => deviceSeq != null && t('rejected.number', { number: deviceSeq }),
              },
            ]}
            onOpen={setOpened}
          />
        )}
      </LoadedList>
      {opened && (
        <InBranch branchId={opened.branchId}>
          <RejectedDetails operation={opened} onOpen={setOpened} onClose={() => setOpened(null)} />
        </InBranch>
      )}
    </>
  )
}
