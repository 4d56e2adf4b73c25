import { Button, Switch, Text } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../components/dialog.tsx'
import rows from '../../components/field-row.module.css'
import { MoneyField } from '../../components/money-field.tsx'
import { ReasonField } from '../../components/reason-field.tsx'
import { parseMoney } from '../../lib/money.ts'
import { useIntent } from '../../live/use-intent.ts'
import type { Session } from './cash.tsx'

export function ForceClose({ session, branchId }: { session: Session; branchId: string }) {
  const { t } = useTranslation('admin')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconLock size={20} />}
        onClick={() => setOpen(true)}
        data-testid="force-close"
      >
        {t('cash.forceClose.button')}
      </Button>
      {isOpen && <Question session={session} branchId={branchId} onClose={() => setOpen(false)} />}
    </>
  )
}

function Question(props: { session: Session; branchId: string; onClose: () => void }) {
  const { session, branchId, onClose } = props
  const { t } = useTranslation('admin')
  const [reason, setReason] = useState('')
  const [isCounted, setCounted] = useState(false)
  const [usdText, setUsdText] = useState('')
  const [khrText, setKhrText] = useState('')
  const [isTried, setTried] = useState(false)
  const intent = useIntent('cashSession.forceClose', {
    branchId,
    done: t('cash.forceClose.done'),
    onDone: onClose,
  })
  const usd = parseMoney('USD', usdText)
  const khr = parseMoney('KHR', khrText)
  const isMissing = (amount: number | null) => isTried && (amount === null || amount < 0)

  function confirm(): void {
    setTried(true)
    if (!reason.trim()) return
    const counted = usd !== null && khr !== null && usd >= 0 && khr >= 0 ? { usd, khr } : null
    if (isCounted && !counted) return
    intent.send({
      cashSessionId: session.id,
      reason: reason.trim(),
      ...(isCounted && counted ? { counted } : {}),
    })
  }

  return (
    <Dialog
      title={t('cash.forceClose.title')}
      onClose={onClose}
      intent={intent}
      onConfirm={confirm}
      confirm={t('cash.forceClose.confirm')}
      isDanger
    >
      <Text>{t('cash.forceClose.text')}</Text>
      <Switch
        label={t('cash.forceClose.counted')}
        checked={isCounted}
        onChange={(event) => setCounted(event.currentTarget.checked)}
        disabled={intent.isOpen}
        size="md"
      />
      {isCounted && (
        <div className={rows.row}>
          <MoneyField
            currency="USD"
            label={t('cash.forceClose.usd')}
            value={usdText}
            onChange={setUsdText}
            error={isMissing(usd) && t('shell.notAmount')}
            disabled={intent.isOpen}
            data-testid="counted-usd"
          />
          <MoneyField
            currency="KHR"
            label={t('cash.forceClose.khr')}
            value={khrText}
            onChange={setKhrText}
            error={isMissing(khr) && t('shell.notRiel')}
            disabled={intent.isOpen}
            data-testid="counted-khr"
          />
        </div>
      )}
      <ReasonField
        value={reason}
        onChange={setReason}
        isMissing={isTried && !reason.trim()}
        disabled={intent.isOpen}
      />
    </Dialog>
  )
}
