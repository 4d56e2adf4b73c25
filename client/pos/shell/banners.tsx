import { Alert, Button, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { isClockWrong, isOpenForLong } from '../../contract.ts'
import { useSyncStatus } from '../../react/index.ts'
import { quantity, usd, useFormats } from '../../ui/format.ts'
import { useCart } from '../hooks/cart.tsx'
import { useOpenSession } from '../hooks/use-cafe.ts'
import { useBranch, useRightNow } from '../hooks/use-context.ts'
import { obstacleFor } from '../lib/advice.ts'
import { isEmpty } from '../lib/cart.ts'
import { amountOf, waitingCount } from '../lib/queue.ts'
import { useNewVersion } from '../new-version.ts'
import classes from './shell.module.css'

/** What everybody has to know whatever the screen; one line each, and only while it holds. */
export function Banners({ onQueue }: { onQueue: () => void }) {
  const { t } = useTranslation('pos')
  const [, navigate] = useLocation()
  const isShutOut = useSyncStatus(({ problem }) => problem?.code === 'DEVICE_SHUT_OUT')
  const obstacle = obstacleFor(useSyncStatus(({ problem }) => problem?.code))
  const isLapsed = useSyncStatus(({ auth }) => auth === 'lapsed') && !isShutOut
  const ofOthers = useSyncStatus(({ waitingForTenant }) => waitingForTenant)
  const isFrozen = useBranch()?.status === 'FROZEN'
  return (
    <>
      <OfflineBar />
      <WrongClock />
      <LongSession />
      <Refused onOpen={onQueue} />
      {isFrozen && <Banner color="red" text={t('shell.banner.frozen')} />}
      {isShutOut && (
        <Banner color="red" text={t('shell.banner.shutOut')}>
          <Button variant="default" data-testid="shut-out" onClick={() => navigate('/people')}>
            {t('shell.banner.signInAgain')}
          </Button>
        </Banner>
      )}
      {isLapsed && (
        <Banner color="yellow" text={t('shell.banner.lapsed')}>
          <Button onClick={() => navigate('/people')}>{t('shell.banner.signInAgain')}</Button>
        </Banner>
      )}
      {obstacle && (
        <div data-testid="obstacle" data-code={obstacle}>
          <Banner color="yellow" text={t(`sync.obstacle.${obstacle}`)} />
        </div>
      )}
      <SlowLine />
      {ofOthers > 0 && <Banner color="blue" text={t('shell.banner.otherTenant', { count: ofOthers })} />}
      <NewVersion />
    </>
  )
}

/** Not in the middle of a sale. */
function NewVersion() {
  const { t } = useTranslation('pos')
  const version = useNewVersion()
  const isFree = useCart(({ cart }) => isEmpty(cart))
  if (!version.waits || !isFree) return null
  return (
    <Banner color="blue" text={t('shell.banner.newVersion')}>
      <Button variant="default" onClick={version.take}>
        {t('shell.banner.takeVersion')}
      </Button>
    </Banner>
  )
}

/** Thin, and always there: what is done now is sent later. */
function OfflineBar() {
  const { t } = useTranslation('pos')
  const isOffline = useSyncStatus(({ connectivity }) => connectivity === 'offline')
  const count = useSyncStatus(waitingCount)
  if (!isOffline) return null
  return (
    <div className={classes.offlineBar} data-testid="offline-bar">
      {count > 0 ? t('shell.banner.offlineWaiting', { count }) : t('shell.banner.offline')}
    </div>
  )
}

/** Whoever sees a wrong time on a receipt wants to know whose it is. */
function WrongClock() {
  const { t } = useTranslation('pos')
  const skew = useSyncStatus(({ clockSkewMs }) => clockSkewMs)
  if (skew === null || !isClockWrong(skew)) return null
  const minutes = Math.round(Math.abs(skew) / 60_000)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  const days = Math.floor(hours / 24)
  const by =
    days > 2
      ? t('shell.banner.days', { days: quantity(days) })
      : hours > 0
        ? t('shell.banner.hours', { hours, minutes: rest })
        : t('shell.banner.minutes', { minutes: rest })
  return (
    <div data-testid="wrong-clock">
      <Banner
        color="yellow"
        text={t(skew > 0 ? 'shell.banner.clockFast' : 'shell.banner.clockSlow', { by })}
      />
    </div>
  )
}

/** A session that nobody closed at night. */
function LongSession() {
  const { t } = useTranslation('pos')
  const session = useOpenSession()
  const now = useRightNow(60_000).getTime()
  const { dayAndTime } = useFormats()
  if (!session || !isOpenForLong(session, now)) return null
  return (
    <div data-testid="long-session">
      <Banner color="yellow" text={t('shell.banner.longSession', { time: dayAndTime(session.openedAt) })} />
    </div>
  )
}

/** What was sold and is in no books: until somebody has dealt with it. */
function Refused({ onOpen }: { onOpen: () => void }) {
  const { t } = useTranslation('pos')
  const failed = useSyncStatus((status) => status.failed)
  if (failed.length === 0) return null
  const totalUsd = failed.reduce((sum, each) => {
    const about = amountOf(each)
    return each.type === 'sale.finalize' && about ? sum + about.amount : sum
  }, 0)
  return (
    <div data-testid="refused-banner">
      <Banner
        color="red"
        text={t(totalUsd > 0 ? 'shell.banner.refusedOf' : 'shell.banner.refused', {
          count: failed.length,
          total: usd(totalUsd),
        })}
      >
        <Button variant="default" onClick={onOpen}>
          {t('shell.banner.look')}
        </Button>
      </Banner>
    </div>
  )
}

/** How far the queue is, where it takes a while. */
function SlowLine() {
  const { t } = useTranslation('pos')
  // Where there is nothing to work with yet, the screen itself says so.
  const isSlow = useSyncStatus(({ connectivity, ready }) => connectivity === 'slow' && ready)
  const sent = useSyncStatus(({ sending }) => sending?.sent ?? 0)
  const total = useSyncStatus(({ sending }) => sending?.total ?? 0)
  if (!isSlow) return null
  const counts = { sent: quantity(sent), total: quantity(total) }
  return (
    <div data-testid="slow-line">
      <Banner
        color="yellow"
        text={total > 0 ? t('shell.banner.slowSending', counts) : t('shell.banner.slow')}
      />
    </div>
  )
}

function Banner({ color, text, children }: { color: string; text: string; children?: ReactNode }) {
  return (
    <Alert color={color} radius={0} className={classes.banner} role="status">
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">{text}</Text>
        {children}
      </Group>
    </Alert>
  )
}
