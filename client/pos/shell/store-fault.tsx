import { Button, Center, Stack, Text } from '@mantine/core'
import { IconDatabaseX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { StoreError } from '../../sdk/index.ts'
import { LanguageSwitch } from '../../ui/language-switch.tsx'
import { EmptyState } from '../components/empty-state.tsx'

/** The till cannot keep anything, so it does not begin: says why, and what a person can do. */
export function StoreFault({ error }: { error: StoreError }) {
  const { t } = useTranslation(['pos', 'ui'])
  return (
    <Center component="main" mih="100dvh">
      <Stack align="center" role="alert">
        <EmptyState
          isScreen
          icon={IconDatabaseX}
          title={t(`shell.fault.${error.fault}.title`)}
          text={t(`shell.fault.${error.fault}.text`)}
        >
          <Button onClick={() => location.reload()}>{t('ui:action.retry')}</Button>
          <Text size="xs" c="dimmed">
            {error.message}
          </Text>
        </EmptyState>
        <LanguageSwitch />
      </Stack>
    </Center>
  )
}
