import { SegmentedControl, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { quantity } from '../../../ui/format.ts'
import { Dialog } from '../../components/dialog.tsx'
import { ReasonField } from '../../components/reason-field.tsx'
import { type AdjustmentMode, adjustmentOf, type StockItem } from '../../lib/stock.ts'
import { useIntent } from '../../live/use-intent.ts'

/** After a count or a loss. What is sent is the change: sales that come in meanwhile stay counted. */
export function AdjustStock(props: { item: StockItem; branchId: string; onClose: () => void }) {
  const { item, branchId, onClose } = props
  const { t } = useTranslation('admin')
  const [mode, setMode] = useState<AdjustmentMode>('counted')
  const [text, setText] = useState('')
  const [reason, setReason] = useState('')
  const [isTried, setTried] = useState(false)
  /** As it was when the person began to count. */
  const [onHand] = useState(item.onHand)
  const intent = useIntent('inventory.adjust', {
    branchId,
    done: t('stock.adjusting.done', { item: item.name }),
    onDone: onClose,
  })
  const change = adjustmentOf(mode, text, onHand)

  function confirm(): void {
    setTried(true)
    if (change && reason.trim())
      intent.send({ stockItemId: item.id, quantity: change, reason: reason.trim() })
  }

  return (
    <Dialog
      title={t('stock.adjusting.title', { item: item.name })}
      onClose={onClose}
      intent={intent}
      onConfirm={confirm}
      confirm={t('stock.adjusting.confirm')}
    >
      <SegmentedControl
        aria-label={t('stock.adjusting.how')}
        data={(['counted', 'change'] as const).map((value) => ({
          value,
          label: t(`stock.adjusting.${value}`),
        }))}
        value={mode}
        onChange={setMode}
        disabled={intent.isOpen}
        fullWidth
      />
      <TextInput
        label={t(`stock.adjusting.${mode}Label`, { unit: item.unit })}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        inputMode={mode === 'counted' ? 'numeric' : 'text'}
        error={change === null && (isTried || text.trim() !== '') && t('shell.notNumber')}
        disabled={intent.isOpen}
        data-autofocus
        data-testid="quantity"
      />
      {change !== null && (
        <Text c={isTried && change === 0 ? 'var(--mantine-color-error)' : 'dimmed'}>
          {change === 0
            ? t('stock.adjusting.nothing')
            : t('stock.adjusting.result', {
                change: (change > 0 ? '+' : '') + quantity(change),
                quantity: quantity(onHand + change),
                unit: item.unit,
              })}
        </Text>
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
