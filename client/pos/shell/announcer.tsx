import { VisuallyHidden } from '@mantine/core'
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
 * Where announcements are heard; `Said` shows them. Says itself when the connection comes and goes; not at the start,
 * as nothing has then.
 */
export function Announcer() {
  const { t } = useTranslation('pos')
  const connectivity = useSyncStatus((status) => status.connectivity)
  const last = useRef(connectivity)
  const openedAt = useRef(Date.now())
  const { heard } = useSaid()
  useEffect(() => {
    if (last.current === connectivity) return
    const isFirst = last.current === 'offline' && Date.now() - openedAt.current < openingMs
    last.current = connectivity
    openedAt.current = 0
    // A till that opens has not asked yet whether anybody is there.
    // The bars show that there is none, for as long.
    if (!isFirst) announce(t(words[connectivity]), { isSeen: connectivity !== 'online' })
  }, [connectivity, t])
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {heard}
    </VisuallyHidden>
  )
}

/** The same for eyes: over the top of the screen below the bars, so that none of those is covered. */
export function Said() {
  const { seen } = useSaid()
  const [gone, setGone] = useState(seen)
  useEffect(() => {
    const timer = setTimeout(() => setGone(seen), shownMs)
    return () => clearTimeout(timer)
  }, [seen])
  return (
    <div className={classes.said} aria-hidden data-testid="said" data-shown={seen !== gone || undefined}>
      {seen}
    </div>
  )
}
