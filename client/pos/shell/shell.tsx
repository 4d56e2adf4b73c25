import { Center, Loader } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Redirect, Route, Switch, useRoute } from 'wouter'
import { TimeZone } from '../../ui/format.ts'
import { lazyScreen } from '../../ui/lazy-screen.ts'
import { Approvals } from '../approval/approvals.tsx'
import { useContextOfTill, useMe, usePerson, useTimeZone } from '../hooks/use-context.ts'
import { useHasWideHeader } from '../hooks/use-layout.ts'
import { type Place, placesFor } from '../lib/places.ts'
import { hasMoved } from '../lib/sign-in.ts'
import { ClosingScreen } from '../screens/closing/closing-screen.tsx'
import { PayScreen } from '../screens/pay/pay-screen.tsx'
import { ReceiptScreen } from '../screens/receipt/receipt-screen.tsx'
import { SellScreen } from '../screens/sell/sell-screen.tsx'
import { BranchScreen } from '../screens/sign-in/branch-screen.tsx'
import { SignInScreen } from '../screens/sign-in/sign-in-screen.tsx'
import { WorkScreen } from '../screens/work/work-screen.tsx'
import { SyncDrawer } from '../sync/sync-drawer.tsx'
import { Said } from './announcer.tsx'
import { Banners } from './banners.tsx'
import { Header } from './header.tsx'
import { Navigation } from './navigation.tsx'
import { NeedsData } from './needs-data.tsx'
import classes from './shell.module.css'

/* What a customer waits for is there at once; the rest comes when the browser has time. */
const CashScreen = lazyScreen(() => import('../screens/cash/cash-screen.tsx'))
const SalesScreen = lazyScreen(() => import('../screens/sales/sales-screen.tsx'))
const StockScreen = lazyScreen(() => import('../screens/stock/stock-screen.tsx'))
const DeviceScreen = lazyScreen(() => import('../screens/device/device-screen.tsx'))

/** The till for whoever is signed in: header with the status, navigation, one screen. */
export function Shell() {
  const { t } = useTranslation('pos')
  const [isQueueOpen, queue] = useDisclosure(false)
  const isWide = useHasWideHeader()
  const context = useContextOfTill()
  const person = usePerson()
  const [isAtDevice] = useRoute('/device')
  const timeZone = useTimeZone()
  return (
    <Switch>
      <Route path="/people">
        <SignInScreen />
      </Route>
      <Route path="/branch">
        <BranchScreen />
      </Route>
      {hasMoved(person, context) && !isAtDevice && (
        <Route>
          <BranchScreen />
        </Route>
      )}
      <Route>
        <TimeZone value={timeZone}>
          <Approvals>
            <div className={classes.shell}>
              <a className={classes.skip} href="#content">
                {t('shell.skip')}
              </a>
              <Header onStatus={queue.open} />
              <Banners onQueue={queue.open} />
              <main id="content" className={classes.content}>
                <Said />
                <Suspense fallback={<Waiting />}>
                  <Screens />
                </Suspense>
              </main>
              {!isWide && <Navigation isAtBottom />}
              <SyncDrawer opened={isQueueOpen} onClose={queue.close} />
            </div>
          </Approvals>
        </TimeZone>
      </Route>
    </Switch>
  )
}

/** Where somebody has nothing to do, an address leads home. */
function Screens() {
  const places = placesFor(useMe().role)
  const has = (place: Place) => places.includes(place)
  return (
    <Switch>
      <Route path="/device">
        <DeviceScreen />
      </Route>
      <Route>
        <NeedsData>
          <Switch>
            <Route path="/">{has('sell') ? <SellScreen /> : <WorkScreen />}</Route>
            {has('sell') && (
              <Route path="/pay">
                <PayScreen />
              </Route>
            )}
            {has('cash') && (
              <Route path="/closing/:id">{({ id }) => <ClosingScreen cashSessionId={id} />}</Route>
            )}
            {has('sales') && (
              <Route path="/receipt/:saleId">{({ saleId }) => <ReceiptScreen saleId={saleId} />}</Route>
            )}
            {has('cash') && (
              <Route path="/cash">
                <CashScreen />
              </Route>
            )}
            {has('sales') && (
              <Route path="/sales/:saleId?">
                <SalesScreen />
              </Route>
            )}
            {has('stock') && (
              <Route path="/stock">
                <StockScreen />
              </Route>
            )}
            <Route>
              <Redirect to="/" replace />
            </Route>
          </Switch>
        </NeedsData>
      </Route>
    </Switch>
  )
}

function Waiting() {
  return (
    <Center h="100%">
      <Loader aria-hidden />
    </Center>
  )
}
