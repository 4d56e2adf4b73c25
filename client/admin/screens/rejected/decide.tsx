import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { aboutPerson } from '../../../contract.ts'
import { usd, useFormats } from '../../../ui/format.ts'
import { IntentNotice } from '../../components/intent-notice.tsx'
import { Moved } from '../../components/money.tsx'
import { useConsole } from '../../live/console.ts'
import { useIntent } from '../../live/use-intent.ts'
import { useList } from '../../live/use-reading.ts'
import { closingsQuery } from '../closings/documents.ts'
import type { Refusal } from './desk.tsx'
import { RefusedItem } from './refused-item.tsx'

/** Of what a manager decides at once. */
const mostAtOnce = 100

/**
 * Books several at once, or gives them up. `closedSession`: the one in which they were made, where it is closed;
 * `isUnknownSession`: that one was never opened, and a person says which it was.
 */
export function Decide(props: {
  refusals: readonly Refusal[]
  branchId: string
  closedSession: string | null
  isUnknownSession: boolean
  openSession: string | null
}) {
  const { refusals, branchId, closedSession, isUnknownSession, openSession } = props
  const { t } = useTranslation('admin')
  const [left, setLeft] = useState<readonly string[]>([])
  const [reason, setReason] = useState('')
  const [said, setSaid] = useState<string | null>(null)
  const [who, setWho] = useState<string | null>(null)
  const supplement = useIntent('cashSession.supplement', { branchId, done: t('closings.booked') })
  const book = useIntent('cashSession.bookRefused', { branchId, done: t('rejected.desk.bookedOpen') })
  const giveUp = useIntent('operation.giveUp', { branchId, done: t('closings.givenUp') })
  const open = refusals.filter(({ settled }) => !settled)
  const chosen = open.filter(({ clientOpId }) => !left.includes(clientOpId)).slice(0, mostAtOnce)
  const bookable = chosen.filter(isBookable)
  const ids = (of: readonly Refusal[]) => of.map(({ clientOpId }) => clientOpId)
  const isBusy = supplement.isOpen || book.isOpen || giveUp.isOpen
  const into = closedSession ?? (isUnknownSession ? said : null)
  const isAboutPerson = bookable.length > 0 && bookable.every(({ code }) => aboutPerson.includes(code))
  const named = isAboutPerson && who ? { actorId: who } : {}
  const toggle = (id: string) =>
    setLeft(left.includes(id) ? left.filter((each) => each !== id) : [...left, id])
  return (
    <Stack gap="sm">
      {open.length > 0 && (
        <>
          <Chosen of={chosen} />
          {isUnknownSession && bookable.length > 0 && (
            <WhichSession branchId={branchId} value={said} onChange={setSaid} />
          )}
          {isAboutPerson && <Who value={who} onChange={setWho} />}
          <TextInput
            label={t('closings.reason')}
            description={t('rejected.desk.reasonHint')}
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.currentTarget.value)}
            disabled={isBusy}
            data-testid="desk-reason"
          />
          <Group gap="xs">
            {into && bookable.length > 0 && (
              <Button
                data-testid="supplement"
                loading={supplement.isOpen}
                disabled={isBusy}
                onClick={() =>
                  supplement.send({
                    cashSessionId: into,
                    clientOpIds: ids(bookable),
                    reason: reason.trim() || null,
                    ...named,
                  })
                }
              >
                {t('closings.book', { count: bookable.length })}
              </Button>
            )}
            {openSession && bookable.length > 0 && (
              <Button
                variant={into ? 'default' : 'filled'}
                data-testid="book-open"
                loading={book.isOpen}
                disabled={isBusy}
                onClick={() =>
                  book.send({ cashSessionId: openSession, clientOpIds: ids(bookable), ...named })
                }
              >
                {t('rejected.desk.bookOpen', { count: bookable.length })}
              </Button>
            )}
            <Button
              variant="default"
              data-testid="give-up"
              disabled={isBusy || chosen.length === 0 || !reason.trim()}
              loading={giveUp.isOpen}
              onClick={() => giveUp.send({ clientOpIds: ids(chosen), reason: reason.trim() })}
            >
              {t('closings.giveUp', { count: chosen.length })}
            </Button>
          </Group>
          <Text size="sm" c="dimmed">
            {t('rejected.desk.what')}
          </Text>
          <IntentNotice of={supplement} />
          <IntentNotice of={book} />
          <IntentNotice of={giveUp} />
        </>
      )}
      {refusals.map((refusal) => (
        <RefusedItem
          key={refusal.clientOpId}
          refusal={refusal}
          isChosen={!refusal.settled && !left.includes(refusal.clientOpId)}
          isBusy={isBusy}
          onToggle={() => toggle(refusal.clientOpId)}
        />
      ))}
    </Stack>
  )
}

/** Sales and movements are in a drawer; what else was refused can only be given up here, or sent again there. */
const isBookable = ({ payload }: Refusal) => payload !== null

function Chosen({ of }: { of: readonly Refusal[] }) {
  const { t } = useTranslation('admin')
  const sum = (name: 'usd' | 'khr') => of.reduce((all, { cash }) => all + cash[name], 0)
  const total = of.reduce((all, { totalUsd }) => all + totalUsd, 0)
  return (
    <Group justify="space-between" align="flex-start" data-testid="desk-chosen">
      <Text fw={650}>{t('rejected.desk.chosen', { count: of.length, total: usd(total) })}</Text>
      <div style={{ textAlign: 'right' }}>
        <Moved of={{ usd: sum('usd'), khr: sum('khr') }} fw={650} />
      </div>
    </Group>
  )
}

function Who({ value, onChange }: { value: string | null; onChange: (accountId: string | null) => void }) {
  const { t } = useTranslation('admin')
  const { people } = useConsole()
  return (
    <Select
      label={t('rejected.desk.who')}
      description={t('rejected.desk.whoHint')}
      data={[...people].map(([accountId, name]) => ({ value: accountId, label: name }))}
      value={value}
      onChange={onChange}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('shell.none') }}
      data-testid="desk-who"
    />
  )
}

function WhichSession(props: {
  branchId: string
  value: string | null
  onChange: (cashSessionId: string | null) => void
}) {
  const { branchId, value, onChange } = props
  const { t } = useTranslation('admin')
  const { dayAndTime } = useFormats()
  const closings = useList(closingsQuery, { branchId }, (data) => data.closings, {
    modules: ['CASH_SESSION'],
  })
  return (
    <Select
      label={t('rejected.desk.which')}
      description={t('rejected.desk.whichHint')}
      data={(closings.data?.nodes ?? []).map(({ cashSessionId, number, recordedAt }) => ({
        value: cashSessionId,
        label: t('closings.one', { number, time: dayAndTime(recordedAt) }),
      }))}
      value={value}
      onChange={onChange}
      clearable
      clearButtonProps={{ 'aria-label': t('shell.none') }}
      data-testid="which-session"
    />
  )
}
