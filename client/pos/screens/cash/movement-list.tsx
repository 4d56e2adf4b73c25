import { Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { khr, usd, useFormats } from '../../../ui/format.ts'
import { PendingMark } from '../../components/pending-mark.tsx'
import { useNameOf } from '../../hooks/use-context.ts'
import type { CashMovement } from '../../lib/drawer.ts'
import classes from './cash.module.css'
import { signed } from './counted-against.tsx'

export function MovementList({ movements }: { movements: readonly CashMovement[] }) {
  const { t } = useTranslation('pos')
  const { time } = useFormats()
  const nameOf = useNameOf()
  if (movements.length === 0)
    return (
      <Text c="dimmed" mt="md">
        {t('cash.noMovements')}
      </Text>
    )
  const newestFirst = [...movements].sort((one, other) => other.occurredAt.localeCompare(one.occurredAt))
  return (
    <Stack component="ul" gap="sm" mt="md" p={0} style={{ listStyle: 'none' }}>
      {newestFirst.map((movement) => (
        <Group component="li" key={movement.id} justify="space-between" wrap="nowrap" align="flex-start">
          <div>
            <Text fw={600}>
              {movement.reason} {movement.pending && <PendingMark />}
            </Text>
            <Text size="sm" c="dimmed">
              {t(`cash.kind.${movement.kind}`)} · {time(movement.occurredAt)} · {nameOf(movement.actorId)}
            </Text>
          </div>
          <Text fw={600} className={classes.amounts} style={{ whiteSpace: 'nowrap' }}>
            {movement.usd !== 0 ? signed(movement.usd, usd) : signed(movement.khr, khr)}
          </Text>
        </Group>
      ))}
    </Stack>
  )
}
