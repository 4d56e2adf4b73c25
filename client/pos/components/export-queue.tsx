import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

/** Saves the rescue copy of what was not sent, as the device's screen and the one of a store that fails offer it. */
export function ExportQueue({ onExport }: { onExport: () => Promise<void> }) {
  const { t } = useTranslation('pos')
  return (
    <Button
      variant="default"
      data-testid="export-queue"
      leftSection={<IconDownload size={20} aria-hidden />}
      onClick={() => void onExport()}
    >
      {t('device.export')}
    </Button>
  )
}
