import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSyncStatus } from '../../react/index.ts'
import { announce, useSaid } from '../announce.ts'
import classes from './shell.module.css'

const words = {
  online: 'shell.status.wentOnline',
  slow: 'shell.status.wentSlow',
  offline: 'shell.status.wentOffline',
} as const

const shownMs = 4_000
/** In which a till that opens finds its connection. */
const openingMs = 10_000

/**
 * Where announcements are heard, and seen for a moment. Says itself when the connection comes and goes; not at the start,
 * as nothing has then.
 */
export function Announcer() {
  const { t } = useTranslation('pos')
  const connectivity = useSyncStatus((status) => status.connectivity)
  const last = useRef(connectivity)
  const openedAt = useRef(Date.now())
  const said = useSaid()
  const [gone, setGone] = useState(said)
  useEffect(() => {
    if (last.current === connectivity) return
    const isFirst = last.current === 'offline' && Date.now() - openedAt.current < openingMs
    last.current = connectivity
    openedAt.current = 0
    // A till that opens has not asked yet whether anybody is there.
    if (!isFirst) announce(t(words[connectivity]))
  }, [connectivity, t])
  useEffect(() => {
    const timer = setTimeout(() => setGone(said), shownMs)
    return () => clearTimeout(timer)
  }, [said])
  return (
    <div
      className={classes.said}
      role="status"
      aria-live="polite"
      data-testid="said"
      data-shown={said !== gone || undefined}
    >
      {said}
    </div>
  )
}
