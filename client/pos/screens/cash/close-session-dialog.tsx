import { Alert, Button, Stack, Text, Textarea } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useBlocked, useEntities, usePerform } from '../../../react/index.ts'
import { useReason } from '../../../ui/reasons.ts'
import { announce } from '../../announce.ts'
import { Dialog } from '../../components/dialog.tsx'
import { Problem } from '../../components/problem.tsx'
import { useCart } from '../../hooks/cart.tsx'
import { isEmpty } from '../../lib/cart.ts'
import { keepSeen } from '../../lib/closing.ts'
import { countedOf, untyped } from '../../lib/counted.ts'
import type { CashSession } from '../../lib/drawer.ts'
import { ClosingOutside } from '../closing/outside.tsx'
import { CountedAgainst } from './counted-against.tsx'
import { MoneyFields } from './money-fields.tsx'

export function CloseSessionDialog(props: { session: CashSession; opened: boolean; onClose: () => void }) {
  const { session, opened, onClose } = props
  const { t } = useTranslation('pos')
  return (
    <Dialog opened={opened} onClose={onClose} title={t('cash.close.title')} isWide>
      <CloseSessionForm session={session} onDone={onClose} />
    </Dialog>
  )
}

function CloseSessionForm({ session, onDone }: { session: CashSession; onDone: () => void }) {
  const { t } = useTranslation('pos')
  const reason = useReason()
  const cart = useCart((carts) => carts.cart)
  const sales = useEntities('sale')
  const { perform, isPerforming, blocked } = usePerform()
  const notNow = useBlocked('cashSession.close')
  const [typed, setTyped] = useState(untyped)
  const [note, setNote] = useState('')
  const counted = countedOf(typed)

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    if (!counted) return
    const done = await perform('cashSession.close', {
      cashSessionId: session.id,
      counted,
      note: note.trim() || null,
    })
    if (!done) return
    keepSeen(session, sales)
    announce(t('cash.close.done'))
    onDone()
  }

  return (
    <Stack component="form" onSubmit={submit}>
      <Text c="dimmed">{t('cash.close.text')}</Text>
      <ClosingOutside cashSessionId={session.id} />
      {!isEmpty(cart) && <Alert color="yellow">{t('cash.close.cartWaits')}</Alert>}
      <MoneyFields
        labels={{ usd: t('cash.close.usd'), khr: t('cash.close.khr') }}
        testIds={{ usd: 'counted-usd', khr: 'counted-khr' }}
        value={typed}
        onChange={setTyped}
      />
      {counted ? (
        <CountedAgainst counted={counted} expected={session.expected} />
      ) : (
        <Text c="dimmed">{t('cash.close.typeFirst')}</Text>
      )}
      <Textarea
        label={t('cash.close.note')}
        maxLength={500}
        autosize
        minRows={2}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {notNow && <Text c="var(--mantine-color-error)">{reason(notNow)}</Text>}
      {blocked && <Problem of={blocked} />}
      <Button
        type="submit"
        size="lg"
        data-testid="confirm"
        loading={isPerforming}
        disabled={!counted || notNow !== null}
      >
        {t('cash.close.confirm')}
      </Button>
    </Stack>
  )
}
