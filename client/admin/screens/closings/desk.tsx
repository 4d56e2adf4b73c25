import { Button, Checkbox, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../../ui/format.ts'
import { IntentNotice } from '../../components/intent-notice.tsx'
import { LoadMore } from '../../components/load-more.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Moved } from '../../components/money.tsx'
import { usePersonName } from '../../components/names.tsx'
import type { RefusalsQuery } from '../../generated/graphql.ts'
import { useIntent } from '../../live/use-intent.ts'
import { useList } from '../../live/use-reading.ts'
import { refusalsQuery } from './documents.ts'

type Refusal = RefusalsQuery['refusals']['edges'][number]['node']

/** What came too late for a session: booked as a supplement of it, or given up; one or several. */
export function Desk({ cashSessionId, branchId }: { cashSessionId: string; branchId: string }) {
  const { t } = useTranslation('admin')
  const refusals = useList(refusalsQuery, { branchId, cashSessionId }, (data) => data.refusals, {
    modules: ['CASH_SESSION', 'SALE'],
    branchId,
  })
  return (
    <section>
      <Title order={3} size="h5" mb="xs">
        {t('closings.late')}
      </Title>
      <Loaded of={refusals}>
        {({ nodes }) =>
          nodes.length === 0 ? (
            <Text c="dimmed">{t('closings.noneLate')}</Text>
          ) : (
            <Decide refusals={nodes} cashSessionId={cashSessionId} branchId={branchId} />
          )
        }
      </Loaded>
      <LoadMore of={refusals} />
    </section>
  )
}

function Decide(props: { refusals: readonly Refusal[]; cashSessionId: string; branchId: string }) {
  const { refusals, cashSessionId, branchId } = props
  const { t } = useTranslation('admin')
  const { dayAndTime } = useFormats()
  const personName = usePersonName()
  const [left, setLeft] = useState<readonly string[]>([])
  const [reason, setReason] = useState('')
  const supplement = useIntent('cashSession.supplement', { branchId, done: t('closings.booked') })
  const giveUp = useIntent('operation.giveUp', { branchId, done: t('closings.givenUp') })
  const open = refusals.filter(({ settled }) => !settled).map(({ clientOpId }) => clientOpId)
  const chosen = open.filter((id) => !left.includes(id))
  const isBusy = supplement.isOpen || giveUp.isOpen
  const toggle = (id: string) =>
    setLeft(left.includes(id) ? left.filter((each) => each !== id) : [...left, id])
  return (
    <Stack gap="sm">
      {refusals.map(({ clientOpId, type, cash, occurredAt, actorId, settled, outcome, settledBy }) => (
        <Group key={clientOpId} justify="space-between" wrap="nowrap" align="flex-start">
          <Checkbox
            label={`${t(`words.type.${type as 'sale.finalize'}`)}, ${dayAndTime(occurredAt)}, ${personName(actorId)}`}
            description={
              settled
                ? t(`closings.outcome.${outcome as 'BOOKED'}`, { name: personName(settledBy) })
                : undefined
            }
            checked={!settled && !left.includes(clientOpId)}
            disabled={settled || isBusy}
            onChange={() => toggle(clientOpId)}
          />
          <div>
            <Moved of={cash} />
          </div>
        </Group>
      ))}
      {open.length > 0 && (
        <>
          <TextInput
            label={t('closings.reason')}
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.currentTarget.value)}
            disabled={isBusy}
          />
          <Group>
            <Button
              data-testid="supplement"
              disabled={chosen.length === 0}
              loading={supplement.isOpen}
              onClick={() =>
                supplement.send({ cashSessionId, clientOpIds: chosen, reason: reason.trim() || null })
              }
            >
              {t('closings.book', { count: chosen.length })}
            </Button>
            <Button
              variant="default"
              data-testid="give-up"
              disabled={chosen.length === 0 || !reason.trim()}
              loading={giveUp.isOpen}
              onClick={() => giveUp.send({ clientOpIds: chosen, reason: reason.trim() })}
            >
              {t('closings.giveUp', { count: chosen.length })}
            </Button>
          </Group>
          <IntentNotice of={supplement} />
          <IntentNotice of={giveUp} />
        </>
      )}
    </Stack>
  )
}
