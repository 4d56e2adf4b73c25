import { Alert, Button, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type SubmitEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newId } from 'uuid'
import { useAction, useSyncClient, useSyncStatus } from '../../../react/index.ts'
import { isNothing } from '../../../ui/money.ts'
import { announce } from '../../announce.ts'
import { useApprove } from '../../approval/approvals.tsx'
import { bothText } from '../../components/both.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Problem } from '../../components/problem.tsx'
import { useOpenSession } from '../../hooks/use-cafe.ts'
import { useMay } from '../../hooks/use-context.ts'
import { isWaiting, type Sale } from '../../lib/day.ts'
import { isMoreThanThere, refundOf } from '../../lib/drawer.ts'

/** Only with a connection, and only by a manager: where it cannot be, the button says why. */
export function VoidSale({ sale }: { sale: Sale }) {
  const { t } = useTranslation('pos')
  const why = useWhyNot(sale)
  const mayVoid = useMay('sale.void')
  const whyId = useId()
  const [isOpen, dialog] = useDisclosure(false)
  if (sale.status === 'VOIDED') return <GaveBack sale={sale} />
  return (
    <div>
      <Button
        variant="default"
        fullWidth
        data-testid="void"
        disabled={why !== null}
        aria-describedby={whyId}
        onClick={dialog.open}
      >
        {t('sales.void.button')}
      </Button>
      {(why || !mayVoid) && (
        <Text id={whyId} size="sm" c="dimmed" mt={4}>
          {t(`sales.void.${why ?? 'managers'}`)}
        </Text>
      )}
      <Dialog opened={isOpen} onClose={dialog.close} title={t('sales.void.title')}>
        <VoidForm sale={sale} onDone={dialog.close} />
      </Dialog>
    </div>
  )
}

/** What went back to the customer, and what of the change came back: for whoever looks afterwards. */
function GaveBack({ sale }: { sale: Sale }) {
  const { t } = useTranslation('pos')
  const { give, take } = refundOf(sale.tender)
  return (
    <Alert color="blue" data-testid="gave-back">
      {!isNothing(give) && <Text fw={650}>{t('sales.void.gave', { give: bothText(give) })}</Text>}
      {!isNothing(take) && <Text fw={650}>{t('sales.void.took', { take: bothText(take) })}</Text>}
    </Alert>
  )
}

function useWhyNot(sale: Sale): 'offline' | 'pending' | 'session' | null {
  const isOnline = useSyncStatus(({ connectivity }) => connectivity !== 'offline')
  const session = useOpenSession()
  if (!isOnline) return 'offline'
  if (isWaiting(sale)) return 'pending'
  return session ? null : 'session'
}

function VoidForm({ sale, onDone }: { sale: Sale; onDone: () => void }) {
  const { t } = useTranslation('pos')
  const client = useSyncClient()
  // One key for all tries: whatever happens to the connection, it is voided once.
  const [idempotencyKey] = useState(() => newId())
  const [reason, setReason] = useState('')
  const approve = useApprove()
  const session = useOpenSession()
  const { give, take } = refundOf(sale.tender)
  const isShort = session !== null && isMoreThanThere(give, session)
  const of = { give: bothText(give), take: bothText(take) }
  const said = [
    ...(isNothing(give) ? [] : [t('sales.void.give', of)]),
    ...(isNothing(take) ? [] : [t('sales.void.take', of)]),
  ].join(' ')
  const { run, isBusy, problem } = useAction()

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const input = { saleId: sale.id, reason: reason.trim() }
    const granted = await approve('sale.void')
    if (!granted) return
    if (!(await run(() => client.online('sale.void', input, { idempotencyKey, ...granted })))) return
    announce(`${t('sales.void.done')} ${said}`)
    onDone()
  }

  return (
    <Stack component="form" onSubmit={submit}>
      <Text>{t('sales.void.text')}</Text>
      <Text fw={650} data-testid="refund">
        {said}
      </Text>
      {isShort && (
        <Alert color="yellow" role="alert">
          {t('sales.void.short', { expected: bothText(session.expected) })}
        </Alert>
      )}
      <TextInput
        data-autofocus
        label={t('sales.void.reason')}
        maxLength={500}
        data-testid="void-reason"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {problem && <Problem of={problem}>{problem.code === 'OFFLINE' && t('sales.void.unknown')}</Problem>}
      <Button
        type="submit"
        color="red"
        data-testid="confirm"
        loading={isBusy}
        disabled={reason.trim() === ''}
      >
        {t('sales.void.confirm')}
      </Button>
    </Stack>
  )
}
