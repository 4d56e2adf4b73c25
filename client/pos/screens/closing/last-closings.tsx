import { Button, Card, Stack, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useEntities } from '../../../react/index.ts'
import { useFormats } from '../../../ui/format.ts'

const shown = 7

/** The slips of the last closings. */
export function LastClosings() {
  const { t } = useTranslation('pos')
  const { dayAndTime } = useFormats()
  const closed = useEntities('cashSession')
    .filter(({ closedAt }) => closedAt !== undefined)
    .sort((one, other) => Date.parse(other.closedAt!) - Date.parse(one.closedAt!))
    .slice(0, shown)
  if (closed.length === 0) return null
  return (
    <Card withBorder mt="md">
      <Title order={2} size="h4" mb="sm">
        {t('cash.slip.last')}
      </Title>
      <Stack gap="xs">
        {closed.map(({ id, closedAt }) => (
          <Button key={id} component={Link} href={`/closing/${id}`} variant="default" justify="flex-start">
            {dayAndTime(closedAt!)}
          </Button>
        ))}
      </Stack>
    </Card>
  )
}
