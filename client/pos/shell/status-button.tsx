import { UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconAlertTriangle, IconCloudCheck, IconCloudOff, IconHourglassHigh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useSyncStatus } from '../../react/index.ts'
import { waitingCount } from '../lib/queue.ts'
import classes from './shell.module.css'

/** Always on screen: is there a connection, how many wait, how many failed. A tap shows more. */
export function StatusButton({ onClick }: { onClick?: () => void }) {
  const { t } = useTranslation(['pos', 'ui'])
  const isOnline = useSyncStatus(({ connectivity }) => connectivity === 'online')
  const waiting = useSyncStatus(waitingCount)
  const failed = useSyncStatus((status) => status.failed.length)
  const connectivity = t(isOnline ? 'ui:connectivity.online' : 'ui:connectivity.offline')
  const Cloud = isOnline ? IconCloudCheck : IconCloudOff
  const content = (
    <>
      <span className={isOnline ? classes.online : classes.offline}>
        <Cloud size={20} aria-hidden />
        <span data-testid="connectivity">{connectivity}</span>
      </span>
      <span className={waiting > 0 ? classes.someWait : classes.none}>
        <IconHourglassHigh size={18} aria-hidden />
        <span data-testid="pending-count">{waiting}</span>
        <VisuallyHidden>{t('shell.status.waiting')}</VisuallyHidden>
      </span>
      <span className={failed > 0 ? classes.someFailed : classes.none}>
        <IconAlertTriangle size={18} aria-hidden />
        <span data-testid="failed-count">{failed}</span>
        <VisuallyHidden>{t('shell.status.failed')}</VisuallyHidden>
      </span>
    </>
  )
  if (!onClick) return <div className={classes.status}>{content}</div>
  return (
    <UnstyledButton className={classes.status} onClick={onClick} aria-haspopup="dialog">
      {content}
      <VisuallyHidden>{t('shell.status.details')}</VisuallyHidden>
    </UnstyledButton>
  )
}
