import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

/** Saves the rescue copy of what was not sent, as the device's screen and the one of a store that fails offer it. */
export function ExportQueue(props: { onExport: () => Promise<void>; isAdvised?: boolean }) {
  const { onExport, isAdvised = false } = props
  const { t } = useTranslation('pos')
  return (
    <Button
      variant={isAdvised ? 'filled' : 'default'}
      data-testid="export-queue"
      leftSection={<IconDownload size={20} aria-hidden />}
      onClick={() => void onExport()}
    >
      {t('device.export')}
    </Button>
  )
}
