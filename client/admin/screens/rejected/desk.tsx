import { Paper, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../../ui/format.ts'
import { LoadedList } from '../../components/loaded-list.tsx'
import type { RefusalsQuery } from '../../generated/graphql.ts'
import { useList, useReading } from '../../live/use-reading.ts'
import { Decide } from './decide.tsx'
import { refusalsQuery, sessionOfDeskQuery } from './documents.ts'

export type Refusal = RefusalsQuery['refusals']['edges'][number]['node']

/** Rejections show in no stream, so nothing nudges for them. */
const askEveryMs = 3_000

/**
 * Where a person deals with what was refused: of one session, or of the whole branch by the session in which it was made.
 * `settled`: what was dealt with, null: both.
 */
export function Desk(props: {
  branchId: string
  cashSessionId?: string
  settled?: boolean
  empty: React.ReactNode
}) {
  const { branchId, cashSessionId, settled, empty } = props
  const refusals = useList(
    refusalsQuery,
    { branchId, cashSessionId: cashSessionId ?? null, settled: settled ?? null },
    (data) => data.refusals,
    { modules: ['CASH_SESSION', 'SALE'], everyMs: askEveryMs },
  )
  return (
    <LoadedList of={refusals} empty={empty}>
      {(nodes) => (
        <Stack>
          {[...Map.groupBy(nodes, (each) => each.cashSessionId ?? null)].map(([id, own]) => (
            <OfSession
              key={id}
              cashSessionId={id}
              refusals={own}
              branchId={branchId}
              isAlone={cashSessionId !== undefined}
            />
          ))}
        </Stack>
      )}
    </LoadedList>
  )
}

/** What was made in one session: in which it can be booked where it is closed. */
function OfSession(props: {
  cashSessionId: string | null
  refusals: readonly Refusal[]
  branchId: string
  isAlone: boolean
}) {
  const { cashSessionId, refusals, branchId, isAlone } = props
  const { t } = useTranslation('admin')
  const { dayAndTime } = useFormats()
  const interest = { modules: ['CASH_SESSION'] } as const
  const open = useReading(sessionOfDeskQuery, { branchId, cashSessionId: null }, interest)
  // Of what names no session this reads the open one again, and is not looked at.
  const own = useReading(sessionOfDeskQuery, { branchId, cashSessionId }, interest)
  const session = cashSessionId === null ? null : (own.data?.cashSession ?? null)
  const decide = (
    <Decide
      refusals={refusals}
      branchId={branchId}
      closedSession={session && session.status !== 'OPEN' ? session.id : null}
      isUnknownSession={cashSessionId !== null && own.data !== null && session === null}
      openSession={open.data?.cashSession?.id ?? null}
    />
  )
  if (isAlone) return decide
  return (
    <Paper withBorder radius="lg" p="lg" component="section" data-testid="desk-session">
      <Title order={2} size="h4">
        {session
          ? t('rejected.desk.session', { time: dayAndTime(session.openedAt) })
          : t(cashSessionId ? 'rejected.desk.unknownSession' : 'rejected.desk.noSession')}
      </Title>
      <Text c="dimmed" size="sm" mb="md">
        {session &&
          (session.closedAt
            ? t('rejected.desk.closed', { time: dayAndTime(session.closedAt) })
            : t('rejected.desk.stillOpen'))}
      </Text>
      {decide}
    </Paper>
  )
}
