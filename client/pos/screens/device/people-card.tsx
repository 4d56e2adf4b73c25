import { Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { usePeople, useSyncClient } from '../../../react/index.ts'
import { useContextOfTill } from '../../hooks/use-context.ts'

/** Who may take over here, and forgetting somebody who has left. */
export function PeopleCard() {
  const { t } = useTranslation('pos')
  const client = useSyncClient()
  const { tenantId, actorId } = useContextOfTill()
  const people = usePeople(tenantId)
  return (
    <Card withBorder>
      <Title order={2} size="h4">
        {t('device.people')}
      </Title>
      <Text c="dimmed" mb="sm">
        {t('device.peopleText')}
      </Text>
      <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }}>
        {people.map(({ accountId, name, role }) => (
          <Group component="li" key={accountId} justify="space-between">
            <div>
              <Text fw={600}>{name}</Text>
              <Text size="sm" c="dimmed">
                {t(`shell.role.${role}`)}
              </Text>
            </div>
            {accountId !== actorId && (
              <Button
                variant="default"
                aria-label={t('device.forget', { name })}
                onClick={() => void client.people.forget(accountId, tenantId)}
              >
                {t('device.forgetShort')}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Card>
  )
}
