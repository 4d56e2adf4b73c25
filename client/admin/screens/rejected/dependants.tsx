import { List, Skeleton, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { LoadMore } from '../../components/load-more.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { OpenRow } from '../../components/open-row.tsx'
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
    <section>
      <Title order={3} size="h5" mb={4}>
        {t('rejected.details.dependants')}
      </Title>
      <Loaded of={dependants} skeleton={<Skeleton height={48} />}>
        {({ nodes }) =>
          nodes.length === 0 ? (
            <Text c="dimmed">{t('rejected.details.noDependants')}</Text>
          ) : (
            <List spacing={4}>
              {nodes.map((operation) => (
                <List.Item key={operation.clientOpId} data-testid="dependant" data-id={operation.clientOpId}>
                  <OpenRow onOpen={() => props.onOpen(operation)}>{word('type', operation.type)}</OpenRow>{' '}
                  <Time of={operation.occurredAt} span c="dimmed" />
                </List.Item>
              ))}
            </List>
          )
        }
      </Loaded>
      <LoadMore of={dependants} />
    </section>
  )
}
