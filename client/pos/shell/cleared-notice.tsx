import { Button, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../components/dialog.tsx'

/** What the till kept here is gone: nobody should find that out by what is missing. */
export function ClearedNotice({ onUnderstood }: { onUnderstood: () => void }) {
  const { t } = useTranslation('pos')
  return (
    <Dialog opened onClose={onUnderstood} title={t('shell.cleared.title')}>
      <Stack>
        <Text>{t('shell.cleared.text')}</Text>
        <Button data-autofocus onClick={onUnderstood}>
          {t('shell.cleared.understood')}
        </Button>
      </Stack>
    </Dialog>
  )
}
