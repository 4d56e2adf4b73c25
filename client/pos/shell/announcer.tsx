import { VisuallyHidden } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSyncStatus } from '../../react/index.ts'

/** Says aloud (to a screen reader) when the connection comes and goes. Not at the start: nothing has changed then. */
export function Announcer() {
  const { t } = useTranslation('pos')
  const connectivity = useSyncStatus((status) => status.connectivity)
  const last = useRef(connectivity)
  const [text, setText] = useState('')
  useEffect(() => {
    if (last.current === connectivity) return
    last.current = connectivity
    setText(t(connectivity === 'online' ? 'shell.status.wentOnline' : 'shell.status.wentOffline'))
  }, [connectivity, t])
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {text}
    </VisuallyHidden>
  )
}
