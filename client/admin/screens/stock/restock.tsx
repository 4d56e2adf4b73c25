import { Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { quantity } from '../../../ui/format.ts'
import { Dialog } from '../../components/dialog.tsx'
import { parseWhole } from '../../lib/money.ts'
import type { StockItem } from '../../lib/stock.ts'
import { useIntent } from '../../live/use-intent.ts'

/** A delivery: what came is added to what is there. */
export function Restock(props: { item: StockItem; branchId: string; onClose: () => void }) {
  const { item, branchId, onClose } = props
  const { t } = useTranslation('admin')
  const [text, setText] = useState('')
  const [reason, setReason] = useState('')
  const [isTried, setTried] = useState(false)
  const intent = useIntent('inventory.restock', {
    branchId,
    done: t('stock.restock.done', { item: item.name }),
    onDone: onClose,
  })
  const delivered = parseWhole(text)
  const isWrong = delivered === null || delivered < 1

  function confirm(): void {
    setTried(true)
    if (!isWrong) intent.send({ stockItemId: item.id, quantity: delivered, reason: reason.trim() || null })
  }

  return (
    <Dialog
      title={t('stock.restock.title', { item: item.name })}
      onClose={onClose}
      intent={intent}
      onConfirm={confirm}
      confirm={t('stock.restock.confirm')}
    >
      <TextInput
        label={t('stock.quantity', { unit: item.unit })}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        inputMode="numeric"
        error={isWrong && (isTried || text.trim() !== '') && t('shell.notNumber')}
        disabled={intent.isOpen}
        data-autofocus
        data-testid="quantity"
      />
      <TextInput
        label={t('stock.restock.reason')}
        description={t('shell.reasonHint')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
        disabled={intent.isOpen}
      />
      {!isWrong && (
        <Text c="dimmed">
          {t('stock.restock.becomes', { quantity: quantity(item.onHand + delivered), unit: item.unit })}
        </Text>
      )}
    </Dialog>
  )
}
