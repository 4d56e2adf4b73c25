/** The frame around every screen: menu, connection, person. */
import { AppShell, Burger, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconMoodEmpty } from '@tabler/icons-react'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Route, Router, Switch } from 'wouter'
import { ColorSchemeSwitch } from '../../ui/color-scheme-switch.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LanguageSwitch } from '../../ui/language-switch.tsx'
import { RowsSkeleton } from '../components/loaded.tsx'
import { useConsole } from '../live/console.ts'
import { ConnectionBanner } from './connection-banner.tsx'
import { LivenessBadge } from './liveness-badge.tsx'
import { Navigation } from './navigation.tsx'
import { PersonMenu } from './person-menu.tsx'
import { ScreenBoundary } from './screen-boundary.tsx'
import { screens } from './screens.ts'
import classes from './shell.module.css'

export function Shell() {
  const { t } = useTranslation('admin')
  const { tenantName } = useConsole()
  const [isOpen, { toggle, close }] = useDisclosure()
  return (
    <Router base="/admin">
      <a href="#content" className={classes.skip}>
        {t('shell.skip')}
      </a>
      <AppShell
        header={{ height: 64 }}
        navbar={{ width: 240, breakpoint: 'md', collapsed: { mobile: !isOpen } }}
        padding="lg"
        layout="alt"
      >
        <AppShell.Header className={classes.bar}>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="sm">
            <Group gap="sm" wrap="nowrap" miw={0}>
              <Burger
                opened={isOpen}
                onClick={toggle}
                hiddenFrom="md"
                aria-label={t(isOpen ? 'shell.nav.shut' : 'shell.nav.open')}
              />
              <Text fw={650} truncate>
                {tenantName}
              </Text>
              <LivenessBadge />
            </Group>
            <Group gap="xs" wrap="nowrap">
              <Group visibleFrom="sm">
                <LanguageSwitch />
              </Group>
              <ColorSchemeSwitch />
              <PersonMenu />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className={classes.bar}>
          <Navigation isOpen={isOpen} onLeave={close} />
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
          <ConnectionBanner />
          <Switch>
            {screens.map(({ path, Screen }) => (
              <Route key={path} path={path}>
                <ScreenBoundary>
                  <Suspense fallback={<RowsSkeleton />}>
                    <Screen />
                  </Suspense>
                </ScreenBoundary>
              </Route>
            ))}
            <Route>
              <EmptyState
                icon={IconMoodEmpty}
                title={t('shell.notFound.title')}
                text={t('shell.notFound.text')}
              />
            </Route>
          </Switch>
        </AppShell.Main>
      </AppShell>
    </Router>
  )
}
