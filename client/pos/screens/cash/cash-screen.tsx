import { Button, Card, Group, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useEntities } from '../../../react/index.ts'
import { useFormats } from '../../../ui/format.ts'
import { Screen } from '../../components/screen.tsx'
import { useOpenSession } from '../../hooks/use-cafe.ts'
import { useNameOf } from '../../hooks/use-context.ts'
import { type CashSession, drawerOf } from '../../lib/drawer.ts'
import { LastClosings } from '../closing/last-closings.tsx'
import classes from './cash.module.css'
import { CloseSessionButton } from './close-session-button.tsx'
import { DrawerTable } from './drawer-table.tsx'
import { MovementButtons } from './movement-buttons.tsx'
import { MovementList } from './movement-list.tsx'
import { NoSession } from './no-session.tsx'

/** The drawer: what should be in it and why, and everything that is done with it. */
export default function CashScreen() {
  const { t } = useTranslation('pos')
  const session = useOpenSession()
  return (
    <Screen title={t('cash.title')} actions={session && <CloseSessionButton />}>
      {session ? <OpenSession session={session} /> : <NoSession />}
      <LastClosings />
    </Screen>
  )
}

function OpenSession({ session }: { session: CashSession }) {
  const { t } = useTranslation('pos')
  const { dayAndTime } = useFormats()
  const nameOf = useNameOf()
  const movements = useEntities('cashMovement', { where: { cashSessionId: session.id } })
  return (
    <div className={classes.columns}>
      <Card withBorder>
        <Title order={2} size="h4">
          {t('cash.session')}
        </Title>
        <Text c="dimmed" mb="sm">
          {t('cash.openSince', { time: dayAndTime(session.openedAt), name: nameOf(session.openedBy) })}
        </Text>
        <DrawerTable drawer={drawerOf(session, movements)} />
        <Button
          component={Link}
          href={`/closing/${session.id}`}
          variant="default"
          mt="sm"
          data-testid="x-report"
        >
          {t('cash.slip.x')}
        </Button>
      </Card>
      <Card withBorder>
        <Group justify="space-between" mb="sm">
          <Title order={2} size="h4">
            {t('cash.movements')}
          </Title>
        </Group>
        <MovementButtons session={session} />
        <MovementList movements={movements} />
      </Card>
    </div>
  )
}
