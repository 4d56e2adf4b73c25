/** From the token to the screens: opens what runs behind them, and learns who one is. */
import { Box, Button, Center, Loader, Stack } from '@mantine/core'
import { IconBuildingStore, IconLock } from '@tabler/icons-react'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { may } from '../../contract.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { InBranch } from '../components/in-branch.tsx'
import { Loaded } from '../components/loaded.tsx'
import { useWords } from '../components/use-words.ts'
import { deviceNamesQuery, staffQuery, startQuery } from '../documents.ts'
import type { StartQuery } from '../generated/graphql.ts'
import { type Backend, type Console, ProvideBackend, ProvideConsole } from '../live/console.ts'
import { useReading, useWhole } from '../live/use-reading.ts'
import { session } from '../session.ts'
import { openBackend } from './open-backend.ts'
import { Shell } from './shell.tsx'

/** Nothing nudges for the name of the business. */
const askEveryMs = 60_000

export function SignedIn({ tenantId }: { tenantId: string }) {
  const [backend, setBackend] = useState<Backend | null>(null)
  useEffect(() => {
    const opened = openBackend(tenantId)
    setBackend(opened.backend)
    return opened.close
  }, [tenantId])
  if (!backend) return null
  return (
    <ProvideBackend value={backend}>
      <Start />
    </ProvideBackend>
  )
}

function Start() {
  const start = useReading(startQuery, {}, { modules: ['BRANCH', 'STAFF'], everyMs: askEveryMs })
  return (
    <WhileStarting isStarting={start.data === null}>
      <Loaded of={start} skeleton={<Starting />}>
        {(data) =>
          may(data.me.role, 'nudges.tenant') ? <People start={data} /> : <NotForYou me={data.me} />
        }
      </Loaded>
    </WhileStarting>
  )
}

function People({ start }: { start: StartQuery }) {
  const staff = useWhole(staffQuery, {}, (data) => data.staff, { modules: ['STAFF'] })
  const devices = useWhole(deviceNamesQuery, {}, (data) => data.deviceNames, { modules: ['STAFF'] })
  const known = useMemo((): Console => {
    const { me, tenant } = start
    return {
      me,
      tenantName: tenant.name,
      managerPinDigits: tenant.managerPinDigits,
      timeZone: tenant.timeZone,
      branches: tenant.branches.edges.map(({ node }) => node),
      people: new Map((staff.data?.nodes ?? []).map(({ accountId, name }) => [accountId, name])),
      devices: new Map((devices.data?.nodes ?? []).map(({ deviceId, name }) => [deviceId, name ?? deviceId])),
    }
  }, [start, staff.data, devices.data])
  return (
    <ProvideConsole value={known}>
      <InBranch branchId={null}>
        <Shell />
      </InBranch>
    </ProvideConsole>
  )
}

/** What cannot be shown inside the shell, because nothing is known yet, has a page of its own. */
function WhileStarting({ isStarting, children }: { isStarting: boolean; children: ReactNode }) {
  if (!isStarting) return children
  return (
    <Box component="main" maw="40rem" mx="auto" p="xl">
      <Stack>
        {children}
        <SignOut />
      </Stack>
    </Box>
  )
}

const Starting = () => (
  <Center mih="50dvh">
    <Loader />
  </Center>
)

function SignOut() {
  const { t } = useTranslation('ui')
  return (
    <Center>
      <Button variant="subtle" onClick={() => session.end(null)}>
        {t('action.signOut')}
      </Button>
    </Center>
  )
}

function NotForYou({ me: { name, role } }: { me: StartQuery['me'] }) {
  const { t } = useTranslation('admin')
  const word = useWords()
  return (
    <main>
      <EmptyState
        icon={IconLock}
        title={t('shell.notForYou.title')}
        text={t('shell.notForYou.text', { name, role: word('role', role) })}
      >
        <Button component="a" href="/pos/" leftSection={<IconBuildingStore size={20} />} mt="sm">
          {t('shell.notForYou.till')}
        </Button>
        <SignOut />
      </EmptyState>
    </main>
  )
}
