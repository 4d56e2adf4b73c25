import { Alert, Button, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useSyncStatus } from '../../react/index.ts'
import { quantity } from '../../ui/format.ts'
import { useCart } from '../hooks/cart.tsx'
import { useBranch } from '../hooks/use-context.ts'
import { obstacleFor } from '../lib/advice.ts'
import { isEmpty } from '../lib/cart.ts'
import { useNewVersion } from '../new-version.ts'
import classes from './shell.module.css'

/** What everybody has to know whatever the screen; one line each, and only while it holds. */
export function Banners() {
  const { t } = useTranslation('pos')
  const [, navigate] = useLocation()
  const isShutOut = useSyncStatus(({ problem }) => problem?.code === 'DEVICE_SHUT_OUT')
  const obstacle = obstacleFor(useSyncStatus(({ problem }) => problem?.code))
  const isLapsed = useSyncStatus(({ auth }) => auth === 'lapsed') && !isShutOut
  const ofOthers = useSyncStatus(({ waitingForTenant }) => waitingForTenant)
  const isFrozen = useBranch()?.status === 'FROZEN'
  const version = useNewVersion()
  const { cart } = useCart()
  return (
    <>
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
      {version.waits && isEmpty(cart) && (
        <Banner color="blue" text={t('shell.banner.newVersion')}>
          <Button variant="default" onClick={version.take}>
            {t('shell.banner.takeVersion')}
          </Button>
        </Banner>
      )}
    </>
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
