import { List, Skeleton, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { LoadedList } from '../../components/loaded-list.tsx'
import { OpenRow } from '../../components/open-row.tsx'
import { Section } from '../../components/section.tsx'
import { Time } from '../../components/time.tsx'
import { useWords } from '../../components/use-words.ts'
import type { Rejected } from '../../lib/rejected.ts'
import { useList } from '../../live/use-reading.ts'
import { rejectedQuery } from './documents.ts'

/** What was rejected because it builds on this one. */
export function Dependants(props: { of: Rejected; onOpen: (operation: Rejected) => void }) {
  const { clientOpId } = props.of
  const { t } = useTranslation('admin')
  const word = useWords()
  const dependants = useList(rejectedQuery, { dependsOn: clientOpId }, (data) => data.rejectedOperations, {
    modules: [],
  })
  return (
    <Section title={t('rejected.details.dependants')}>
      <LoadedList
        of={dependants}
        empty={<Text c="dimmed">{t('rejected.details.noDependants')}</Text>}
        skeleton={<Skeleton height={48} />}
      >
        {(nodes) => (
          <List spacing={4}>
            {nodes.map((operation) => (
              <List.Item key={operation.clientOpId} data-testid="dependant" data-id={operation.clientOpId}>
                <OpenRow onOpen={() => props.onOpen(operation)}>{word('type', operation.type)}</OpenRow>{' '}
                <Time of={operation.occurredAt} span c="dimmed" />
              </List.Item>
            ))}
          </List>
        )}
      </LoadedList>
    </Section>
  )
}
