import { SegmentedControl, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { quantity } from '../../../ui/format.ts'
import { Dialog } from '../../components/dialog.tsx'
import { ReasonField } from '../../components/reason-field.tsx'
import { type AdjustmentDraft, adjustmentFrom, adjustmentOf, type StockItem } from '../../lib/stock.ts'
import { useIntentForm } from '../../live/use-intent-form.ts'

/** After a count or a loss. What is sent is the change: sales that come in meanwhile stay counted. */
export function AdjustStock(props: { item: StockItem; branchId: string; onClose: () => void }) {
  const { item, branchId, onClose } = props
  const { t } = useTranslation('admin')
  /** As it was when the person began to count. */
  const [onHand] = useState(item.onHand)
  const changeOf = ({ mode, quantity: text }: AdjustmentDraft) => adjustmentOf(mode, text, onHand)
  const { form, answer } = useIntentForm('inventory.adjust', {
    draft: { mode: 'counted', quantity: '', reason: '' } as AdjustmentDraft,
    from: (typed) => adjustmentFrom(typed, { stockItemId: item.id, onHand }),
    words: (typed) => ({
      quantity: t(changeOf(typed) === 0 ? 'stock.adjusting.nothing' : 'shell.notNumber'),
    }),
    branchId,
    done: () => t('stock.adjusting.done', { item: item.name }),
    onDone: onClose,
  })
  const { mode } = form.values
  const change = changeOf(form.values)
  return (
    <Dialog
      title={t('stock.adjusting.title', { item: item.name })}
      onClose={onClose}
      of={answer}
      confirm={t('stock.adjusting.confirm')}
    >
      <SegmentedControl
        aria-label={t('stock.adjusting.how')}
        data={(['counted', 'change'] as const).map((value) => ({
          value,
          label: t(`stock.adjusting.${value}`),
        }))}
        {...form.getInputProps('mode')}
        // The same text means something else.
        onChange={(mode) => form.setValues({ mode })}
        fullWidth
      />
      <TextInput
        label={t(`stock.adjusting.${mode}Label`, { unit: item.unit })}
        {...form.getInputProps('quantity')}
        inputMode={mode === 'counted' ? 'numeric' : 'text'}
        data-autofocus
        data-testid="quantity"
      />
      {change !== null && change !== 0 && (
        <Text c="dimmed">
          {t('stock.adjusting.result', {
            change: (change > 0 ? '+' : '') + quantity(change),
            quantity: quantity(onHand + change),
            unit: item.unit,
          })}
        </Text>
      )}
      <ReasonField {...form.getInputProps('reason')} />
    </Dialog>
  )
}
