import { UnstyledButton, VisuallyHidden } from '@mantine/core'
import {
  IconAlertTriangle,
  IconCloudCheck,
  IconCloudOff,
  IconCloudUp,
  IconHourglassHigh,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useSyncStatus } from '../../react/index.ts'
import { waitingCount } from '../lib/queue.ts'
import classes from './shell.module.css'

const clouds = { online: IconCloudCheck, slow: IconCloudUp, offline: IconCloudOff }
const words = {
  online: 'ui:connectivity.online',
  slow: 'ui:connectivity.slow',
  offline: 'ui:connectivity.offline',
} as const

/** Always on screen: is there a connection, how many wait, how many failed. A tap shows more. */
export function StatusButton({ onClick }: { onClick?: () => void }) {
  const { t } = useTranslation(['pos', 'ui'])
  const connectivity = useSyncStatus((status) => status.connectivity)
  const waiting = useSyncStatus(waitingCount)
  const failed = useSyncStatus((status) => status.failed.length)
  const Cloud = clouds[connectivity]
  const content = (
    <>
      <span className={classes[connectivity]}>
        <Cloud size={20} aria-hidden />
        <span data-testid="connectivity">{t(words[connectivity])}</span>
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
