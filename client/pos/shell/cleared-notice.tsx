import { Button, Modal, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** What the till kept here is gone: nobody should find that out by what is missing. */
export function ClearedNotice({ onUnderstood }: { onUnderstood: () => void }) {
  const { t } = useTranslation('pos')
  return (
    <Modal opened onClose={onUnderstood} withCloseButton={false} title={t('shell.cleared.title')}>
      <Stack>
        <Text>{t('shell.cleared.text')}</Text>
        <Button data-autofocus onClick={onUnderstood}>
          {t('shell.cleared.understood')}
        </Button>
      </Stack>
    </Modal>
  )
}
