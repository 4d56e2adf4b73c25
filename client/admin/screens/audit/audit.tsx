import { Text } from '@mantine/core'
import { IconHistory, IconLock } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { moduleScopes } from '../../../contract.ts'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { useFormats } from '../../../ui/format.ts'
import { Filters, useFilters } from '../../components/filters.tsx'
import { InBranch } from '../../components/in-branch.tsx'
import { LoadedList } from '../../components/loaded-list.tsx'
import { useBranchName, usePersonName } from '../../components/names.tsx'
import { RowTable } from '../../components/row-table.tsx'
import { Screen } from '../../components/screen.tsx'
import { Time } from '../../components/time.tsx'
import { useWords } from '../../components/use-words.ts'
import type { AuditQuery } from '../../generated/graphql.ts'
import { shownId } from '../../lib/shown-id.ts'
import { useConsole, useMay } from '../../live/console.ts'
import { useList } from '../../live/use-reading.ts'
import { auditQuery } from './documents.ts'
import { EventDetails } from './event-details.tsx'

export type AuditEvent = AuditQuery['auditEvents']['edges'][number]['node']

export default function AuditTrail() {
  const { t } = useTranslation('admin')
  const word = useWords()
  const { me } = useConsole()
  const mayRead = useMay('audit.read')
  return (
    <Screen title={t('audit.title')}>
      {mayRead ? (
        <Events />
      ) : (
        <EmptyState
          icon={IconLock}
          title={t('audit.adminOnly')}
          text={t('audit.adminOnlyText', { role: word('role', me.role) })}
        />
      )}
    </Screen>
  )
}

function Events() {
  const { t } = useTranslation('admin')
  const word = useWords()
  const branchName = useBranchName()
  const personName = usePersonName()
  const { day } = useFormats()
  const filters = useFilters('event')
  const { branchId, word: name } = filters
  const [opened, setOpened] = useState<AuditEvent | null>(null)
  const events = useList(auditQuery, { branchId, name }, (data) => data.auditEvents, {
    modules: moduleScopes,
  })

  return (
    <>
      <Filters kind="event" of={filters} label={t('audit.event')} any={t('audit.anyEvent')} />
      <LoadedList
        of={events}
        empty={<EmptyState icon={IconHistory} title={t('audit.none')} text={t('audit.noneText')} />}
      >
        {(nodes) => (
          <RowTable
            label={t('audit.title')}
            rows={nodes}
            keyOf={({ id }) => id}
            marks={(event) => ({ 'data-testid': 'audit-row', 'data-event': event.name })}
            columns={[
              { name: t('audit.event'), cell: (event) => word('event', event.name) },
              { name: t('audit.when'), cell: ({ recordedAt }) => <Time of={recordedAt} /> },
              { name: t('audit.who'), cell: ({ actorId }) => personName(actorId) },
              { name: t('shell.branch'), cell: (event) => branchName(event.branchId) },
              { name: t('audit.where'), from: 'lg', cell: ({ deviceId }) => deviceId && shownId(deviceId) },
            ]}
            onOpen={setOpened}
            branchOf={(event) => event.branchId}
          />
        )}
      </LoadedList>
      {events.data?.since && !events.data.hasMore && (
        <Text c="dimmed" size="sm" ta="center" mt="md" data-testid="audit-since">
          {t('audit.since', { day: day(events.data.since) })}
        </Text>
      )}
      {opened && (
        <InBranch branchId={opened.branchId}>
          <EventDetails event={opened} onClose={() => setOpened(null)} />
        </InBranch>
      )}
    </>
  )
}
