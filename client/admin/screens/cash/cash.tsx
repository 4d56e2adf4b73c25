import { IconCash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isOpenForLong } from '../../../contract.ts'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { BranchPicker, useBranch } from '../../components/branch-picker.tsx'
import { InBranch } from '../../components/in-branch.tsx'
import { LoadedList } from '../../components/loaded-list.tsx'
import { Both, Difference } from '../../components/money.tsx'
import { usePersonName } from '../../components/names.tsx'
import { RowTable } from '../../components/row-table.tsx'
import { Screen } from '../../components/screen.tsx'
import { Tag } from '../../components/tag.tsx'
import { Time } from '../../components/time.tsx'
import type { CashSessionsQuery } from '../../generated/graphql.ts'
import { useList } from '../../live/use-reading.ts'
import { useRightNow } from '../../live/use-right-now.ts'
import { cashSessionsQuery } from './documents.ts'
import { SessionDetails } from './session-details.tsx'

export type Session = CashSessionsQuery['cashSessions']['edges'][number]['node']

export default function CashSessions() {
  const { t } = useTranslation('admin')
  const personName = usePersonName()
  const branchId = useBranch()
  const [opened, setOpened] = useState<string | null>(null)
  const sessions = useList(cashSessionsQuery, { branchId }, (data) => data.cashSessions, {
    modules: ['CASH_SESSION', 'SALE'],
  })
  const openedSession = sessions.data?.nodes.find(({ id }) => id === opened)
  return (
    <InBranch branchId={branchId}>
      <Screen title={t('cash.title')} actions={<BranchPicker />}>
        <LoadedList
          of={sessions}
          empty={<EmptyState icon={IconCash} title={t('cash.none')} text={t('cash.noneText')} />}
        >
          {(nodes) => (
            <RowTable
              label={t('cash.title')}
              rows={nodes}
              keyOf={({ id }) => id}
              marks={({ id, status }) => ({
                'data-testid': 'session-row',
                'data-status': status,
                'data-id': id,
              })}
              columns={[
                {
                  name: t('cash.opened'),
                  cell: ({ openedAt }) => <Time of={openedAt} span />,
                  below: ({ openedBy }) => personName(openedBy),
                },
                {
                  name: t('cash.state'),
                  cell: (session) => (
                    <>
                      <SessionStatus of={session.status} />
                      <LongOpen session={session} />
                    </>
                  ),
                },
                {
                  name: t('cash.closed'),
                  from: 'lg',
                  cell: ({ closedAt }) => closedAt && <Time of={closedAt} />,
                  below: ({ closedBy }) => closedBy && personName(closedBy),
                },
                { name: t('cash.expected'), isNumber: true, cell: ({ expected }) => <Both of={expected} /> },
                {
                  name: t('cash.counted'),
                  isNumber: true,
                  cell: ({ counted, status }) =>
                    counted ? <Both of={counted} /> : status === 'OPEN' ? '' : t('cash.notCounted'),
                },
                {
                  name: t('cash.difference'),
                  isNumber: true,
                  cell: ({ difference }) => difference && <Difference of={difference} />,
                },
              ]}
              onOpen={({ id }) => setOpened(id)}
            />
          )}
        </LoadedList>
        {openedSession && (
          <SessionDetails session={openedSession} branchId={branchId} onClose={() => setOpened(null)} />
        )}
      </Screen>
    </InBranch>
  )
}

/** Nobody closed it at night. */
export function LongOpen({ session }: { session: { status: string; openedAt: string } }) {
  const { t } = useTranslation('admin')
  const now = useRightNow(60_000)
  if (session.status !== 'OPEN' || !isOpenForLong(session, now)) return null
  return (
    <Tag color="yellow" mt={4} data-testid="long-session">
      {t('cash.long', { hours: Math.floor((now - Date.parse(session.openedAt)) / 3_600_000) })}
    </Tag>
  )
}

const colours: Record<string, string> = { OPEN: 'green', CLOSED: 'gray', FORCE_CLOSED: 'yellow' }

export function SessionStatus({ of: status }: { of: string }) {
  const { t } = useTranslation('admin')
  return <Tag color={colours[status]}>{t(`cash.status.${status as 'OPEN'}`)}</Tag>
}
