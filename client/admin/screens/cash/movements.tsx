import { Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { LoadedList } from '../../components/loaded-list.tsx'
import { Moved } from '../../components/money.tsx'
import { usePersonName } from '../../components/names.tsx'
import { Time } from '../../components/time.tsx'
import { useList } from '../../live/use-reading.ts'
import { movementsQuery } from './documents.ts'

/** All that went into and out of the drawer, as it came. */
export function Movements({ sessionId, branchId }: { sessionId: string; branchId: string }) {
  const { t } = useTranslation('admin')
  const personName = usePersonName()
  const movements = useList(
    movementsQuery,
    { branchId, cashSessionId: sessionId },
    (data) => data.cashSession?.movements,
    { modules: ['CASH_SESSION', 'SALE'] },
  )
  return (
    <LoadedList of={movements} empty={<Text c="dimmed">{t('cash.noMovements')}</Text>}>
      {(nodes) => (
        <Table aria-label={t('cash.movements')}>
          <Table.Tbody>
            {nodes.map(({ id, kind, amount, reason, actorId, occurredAt }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  {t(`cash.kind.${kind as 'SALE_IN'}`)}
                  <Text size="sm" c="dimmed">
                    {reason}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Time of={occurredAt} />
                  <Text size="sm" c="dimmed">
                    {personName(actorId)}
                  </Text>
                </Table.Td>
                <Table.Td ta="right">
                  <Moved of={amount} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </LoadedList>
  )
}
