import { Code, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { DetailsDrawer } from '../../components/details-drawer.tsx'
import { Facts } from '../../components/facts.tsx'
import { JsonView } from '../../components/json-view.tsx'
import { useBranchName, usePersonName } from '../../components/names.tsx'
import { Time } from '../../components/time.tsx'
import { useWords } from '../../components/use-words.ts'
import { shownId } from '../../lib/shown-id.ts'
import type { AuditEvent } from './audit.tsx'

export function EventDetails({ event, onClose }: { event: AuditEvent; onClose: () => void }) {
  const { t } = useTranslation('admin')
  const word = useWords()
  const branchName = useBranchName()
  const personName = usePersonName()
  const { actorId, submittedBy, approvedFor, deviceId } = event
  return (
    <DetailsDrawer title={word('event', event.name)} onClose={onClose}>
      <Stack gap="lg">
        <Facts
          of={[
            [t('shell.branch'), branchName(event.branchId)],
            [t('audit.details.by'), personName(actorId)],
            approvedFor == null ? null : [t('audit.details.approvedFor'), personName(approvedFor)],
            submittedBy === actorId ? null : [t('audit.details.submittedBy'), personName(submittedBy)],
            deviceId == null ? null : [t('audit.where'), shownId(deviceId)],
            [t('audit.details.lane'), word('lane', event.lane)],
            [t('audit.details.deviceTime'), <Time key="device" of={event.occurredAt} />],
            [t('audit.details.serverTime'), <Time key="server" of={event.recordedAt} />],
            [t('audit.details.key'), <Code key="key">{event.clientOpId}</Code>],
          ]}
        />
        {event.data !== null && <JsonView title={t('audit.details.data')} of={event.data} />}
      </Stack>
    </DetailsDrawer>
  )
}
