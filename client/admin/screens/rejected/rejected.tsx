import { Table, Tabs, Text } from '@mantine/core'
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
import { OpenRow } from '../../components/open-row.tsx'
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
            columns={[
              { name: t('rejected.operation') },
              { name: t('rejected.code') },
              { name: t('rejected.when') },
              { name: t('shell.branch') },
              { name: t('rejected.person'), from: 'lg' },
              { name: t('rejected.device'), from: 'lg' },
            ]}
          >
            {nodes.map((operation) => (
              <RejectedRow
                key={operation.clientOpId}
                operation={operation}
                onOpen={() => setOpened(operation)}
              />
            ))}
          </RowTable>
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

function RejectedRow({ operation, onOpen }: { operation: Rejected; onOpen: () => void }) {
  const { t } = useTranslation('admin')
  const word = useWords()
  const branchName = useBranchName()
  const personName = usePersonName()
  const deviceName = useDeviceName()
  const { clientOpId, type, code, decidedAt, branchId, actorId, deviceId, deviceSeq } = operation
  return (
    <Table.Tr
      onClick={onOpen}
      style={{ cursor: 'pointer' }}
      data-testid="rejected-row"
      data-code={code}
      data-id={clientOpId}
    >
      <Table.Td>
        <OpenRow onOpen={onOpen}>{word('type', type)}</OpenRow>
      </Table.Td>
      <Table.Td>
        <Tag color="red">{word('code', code ?? '')}</Tag>
      </Table.Td>
      <Table.Td>
        <Ago of={decidedAt} />
      </Table.Td>
      <Table.Td>{branchName(branchId)}</Table.Td>
      <Table.Td visibleFrom="lg">{personName(actorId)}</Table.Td>
      <Table.Td visibleFrom="lg">
        {deviceName(deviceId)}
        {deviceSeq != null && (
          <Text size="sm" c="dimmed">
            {t('rejected.number', { number: deviceSeq })}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
