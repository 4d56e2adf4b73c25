import { Alert, Button, Checkbox, Input, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newId } from 'uuid'
import type { Currency } from '../../../contract.ts'
import { usePerform } from '../../../react/index.ts'
import { khr, usd } from '../../../ui/format.ts'
import { announce } from '../../announce.ts'
import { useApprove } from '../../approval/approvals.tsx'
import { bothText } from '../../components/both.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { MoneyInput } from '../../components/money-input.tsx'
import { Problem } from '../../components/problem.tsx'
import { type CashSession, isMoreThanThere } from '../../lib/drawer.ts'
import {
  leavingBy,
  type MovementForm,
  type MovementKind,
  missingInMovement,
  movementOf,
  permissionFor,
  signedAmountOf,
} from '../../lib/movement.ts'

const suffix = { PAID_IN: 'In', PAID_OUT: 'Out', ADJUSTMENT: 'Adjust' } as const

export function MovementDialog(props: { session: CashSession; kind: MovementKind; onClose: () => void }) {
  const { session, kind, onClose } = props
  const { t } = useTranslation('pos')
  const { perform, isPerforming, blocked } = usePerform()
  const approve = useApprove()
  const [wasTried, setTried] = useState(false)
  const [isSure, setSure] = useState(false)
  const [form, setForm] = useState<MovementForm>({
    kind,
    currency: 'USD',
    amount: '',
    isLess: true,
    reason: '',
  })
  const change = (part: Partial<MovementForm>) => {
    setForm({ ...form, ...part })
    setSure(false)
  }
  const missing = missingInMovement(form)
  const amount = signedAmountOf(form) ?? 0
  const isTooMuch = isMoreThanThere(leavingBy(form), session)

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    setTried(true)
    if (missing || (isTooMuch && !isSure)) return
    const ids = { movementId: newId(), cashSessionId: session.id }
    const granted = await approve(permissionFor(kind))
    if (!granted) return
    if (!(await perform('cashSession.movement', movementOf(form, ids), granted))) return
    announce(t('cash.move.done'))
    onClose()
  }

  return (
    <Dialog opened onClose={onClose} title={t(`cash.move.title${suffix[kind]}`)}>
      <Stack component="form" onSubmit={submit}>
        <Which form={form} change={change} />
        <MoneyInput
          data-autofocus
          currency={form.currency}
          label={t('cash.move.amount')}
          size="lg"
          data-testid="movement-amount"
          value={form.amount}
          error={wasTried && missing === 'amount' && t('cash.move.needAmount')}
          onChange={(typed) => change({ amount: typed })}
        />
        <TextInput
          label={t('cash.move.reason')}
          description={t('cash.move.reasonHelp')}
          maxLength={500}
          data-testid="movement-reason"
          value={form.reason}
          error={wasTried && missing === 'reason' && t('cash.move.needReason')}
          onChange={(event) => change({ reason: event.currentTarget.value })}
        />
        {isTooMuch && (
          <Alert color="yellow" role="alert" data-testid="more-than-there">
            {t('cash.move.tooMuch', { expected: bothText(session.expected) })}
            <Checkbox
              mt="xs"
              label={t('cash.move.sure')}
              data-testid="sure"
              checked={isSure}
              onChange={(event) => setSure(event.currentTarget.checked)}
            />
          </Alert>
        )}
        {blocked && <Problem of={blocked} />}
        <Button
          type="submit"
          size="lg"
          data-testid="confirm"
          loading={isPerforming}
          disabled={isTooMuch && !isSure}
        >
          {t(`cash.move.confirm${suffix[kind]}`, {
            amount: form.currency === 'USD' ? usd(amount) : khr(amount),
          })}
        </Button>
      </Stack>
    </Dialog>
  )
}

/** Of which currency, and of an adjustment in which direction. */
function Which(props: { form: MovementForm; change: (part: Partial<MovementForm>) => void }) {
  const { form, change } = props
  const { t } = useTranslation('pos')
  return (
    <>
      <Input.Wrapper label={t('cash.move.currency')} labelElement="div">
        <SegmentedControl
          fullWidth
          aria-label={t('cash.move.currency')}
          data={[
            { value: 'USD', label: t('cash.usd') },
            { value: 'KHR', label: t('cash.khr') },
          ]}
          value={form.currency}
          onChange={(currency) => change({ currency: currency as Currency })}
        />
      </Input.Wrapper>
      {form.kind === 'ADJUSTMENT' && (
        <SegmentedControl
          fullWidth
          aria-label={t('cash.move.direction')}
          data={[
            { value: 'less', label: t('cash.move.less') },
            { value: 'more', label: t('cash.move.more') },
          ]}
          value={form.isLess ? 'less' : 'more'}
          onChange={(direction) => change({ isLess: direction === 'less' })}
        />
      )}
    </>
  )
}
