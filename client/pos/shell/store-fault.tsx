import { Button, Center, Group, Stack, Text } from '@mantine/core'
import { IconDatabaseX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoreFault as Fault } from '../../sdk/index.ts'
import { LanguageSwitch } from '../../ui/language-switch.tsx'
import { EmptyState } from '../components/empty-state.tsx'
import { ExportQueue } from '../components/export-queue.tsx'
import { saveQueue } from '../screens/device/save-queue.ts'

/**
 * The till cannot keep anything (any more): says why, and what a person can do. `queue`: what was not sent yet, as the
 * text of a rescue copy. `unsent`: how much of it memory alone still has: that is saved before anything else.
 */
export function StoreFault(props: {
  fault: Fault | 'LOST'
  message: string
  queue: () => Promise<string>
  unsent?: number
}) {
  const { fault, message, queue, unsent = 0 } = props
  const { t } = useTranslation(['pos', 'ui'])
  const [saved, setSaved] = useState<'yes' | 'no' | null>(null)
  const isAtRisk = unsent > 0 && saved !== 'yes'
  const save = () =>
    queue().then(
      (text) => {
        saveQueue(text)
        setSaved('yes')
      },
      () => setSaved('no'),
    )
  return (
    <Center component="main" mih="100dvh">
      <Stack align="center" role="alert" data-testid="store-fault" data-code={fault}>
        <EmptyState
          isScreen
          icon={IconDatabaseX}
          title={t(`shell.fault.${fault}.title`)}
          text={t(`shell.fault.${fault}.text`)}
        >
          {isAtRisk && <Text fw={600}>{t('shell.unsent', { count: unsent })}</Text>}
          <Group justify="center">
            <Button variant={isAtRisk ? 'default' : 'filled'} onClick={() => location.reload()}>
              {t('ui:action.reload')}
            </Button>
            <ExportQueue isAdvised={isAtRisk} onExport={save} />
          </Group>
          {saved && (
            <Text role="status" size="sm" maw="34rem">
              {t(saved === 'yes' ? 'shell.queueSaved' : 'shell.queueNotSaved')}
            </Text>
          )}
          <Text size="xs" c="dimmed">
            {message}
          </Text>
        </EmptyState>
        <LanguageSwitch />
      </Stack>
    </Center>
  )
}
