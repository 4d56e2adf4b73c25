import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../../ui/format.ts'
import { DetailsDrawer } from '../../components/details-drawer.tsx'
import { Facts } from '../../components/facts.tsx'
import { Both, Difference } from '../../components/money.tsx'
import { usePersonName } from '../../components/names.tsx'
import { Section } from '../../components/section.tsx'
import { type Session, SessionStatus } from './cash.tsx'
import { ForceClose } from './force-close.tsx'
import { Movements } from './movements.tsx'

export function SessionDetails(props: { session: Session; branchId: string; onClose: () => void }) {
  const { session, branchId, onClose } = props
  const { t } = useTranslation('admin')
  const { dayAndTime } = useFormats()
  const personName = usePersonName()
  const { counted, difference, closedAt, closedBy, note } = session
  return (
    <DetailsDrawer title={t('cash.session', { time: dayAndTime(session.openedAt) })} onClose={onClose}>
      <Stack gap="lg">
        <Facts
          of={[
            [t('cash.state'), <SessionStatus key="status" of={session.status} />],
            [t('cash.opened'), `${dayAndTime(session.openedAt)}, ${personName(session.openedBy)}`],
            closedAt ? [t('cash.closed'), `${dayAndTime(closedAt)}, ${personName(closedBy)}`] : null,
            [t('cash.openingFloat'), <Both key="float" of={session.openingFloat} />],
            [t('cash.expected'), <Both key="expected" of={session.expected} />],
            counted ? [t('cash.counted'), <Both key="counted" of={counted} />] : null,
            difference ? [t('cash.differenceHint'), <Difference key="difference" of={difference} />] : null,
            note ? [t('cash.note'), note] : null,
          ]}
        />
        {session.status === 'OPEN' && <ForceClose session={session} branchId={branchId} />}
        <Section title={t('cash.movements')}>
          <Movements sessionId={session.id} branchId={branchId} />
        </Section>
      </Stack>
    </DetailsDrawer>
  )
}
