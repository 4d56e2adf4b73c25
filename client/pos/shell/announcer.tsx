import { VisuallyHidden } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useSyncStatus } from '../../react/index.ts'
import { announce, useSaid } from '../announce.ts'

const words = {
  online: 'shell.status.wentOnline',
  slow: 'shell.status.wentSlow',
  offline: 'shell.status.wentOffline',
} as const

/** Where announcements are heard. Says itself when the connection comes and goes; not at the start, as nothing has then. */
export function Announcer() {
  const { t } = useTranslation('pos')
  const connectivity = useSyncStatus((status) => status.connectivity)
  const last = useRef(connectivity)
  const said = useSaid()
  useEffect(() => {
    if (last.current === connectivity) return
    last.current = connectivity
    announce(t(words[connectivity]))
  }, [connectivity, t])
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {said}
    </VisuallyHidden>
  )
}
