import { Button, Card, Stack, Text, Title } from '@mantine/core'
import { IconReceipt } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useEntities } from '../../../react/index.ts'
import { khr, usd, useFormats } from '../../../ui/format.ts'
import { closedOf } from '../../lib/drawer.ts'
import { signed } from '../cash/counted-against.tsx'

const shown = 7

/** The slips of the last closings. */
export function LastClosings() {
  const { t } = useTranslation('pos')
  const { dayAndTime } = useFormats()
  const statements = new Map(useEntities('closingStatement').map((each) => [each.id, each]))
  const closed = closedOf(useEntities('cashSession')).slice(0, shown)
  if (closed.length === 0) return null
  return (
    <Card withBorder mt="md">
      <Title order={2} size="h4" mb="sm">
        {t('cash.slip.last')}
      </Title>
      <Stack gap="xs">
        {closed.map(({ id, closedAt, difference }) => (
          <Button
            key={id}
            component={Link}
            href={`/closing/${id}`}
            variant="default"
            size="lg"
            justify="space-between"
            leftSection={<IconReceipt size={20} aria-hidden />}
            rightSection={difference && <Differing of={difference} />}
            data-testid="last-closing"
          >
            {[statements.get(id)?.number, dayAndTime(closedAt!)].filter(Boolean).join(' · ')}
          </Button>
        ))}
      </Stack>
    </Card>
  )
}

/** Nothing where the drawer was right. */
function Differing({ of }: { of: { usd: number; khr: number } }) {
  const parts = [of.usd !== 0 && signed(of.usd, usd), of.khr !== 0 && signed(of.khr, khr)].filter(Boolean)
  if (parts.length === 0) return null
  return (
    <Text span fw={650} c="var(--mantine-color-error)">
      {parts.join(' ')}
    </Text>
  )
}
