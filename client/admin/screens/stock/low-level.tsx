import { Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { inventorySetThreshold } from '../../../contract.ts'
import { quantity } from '../../../ui/format.ts'
import { Dialog } from '../../components/dialog.tsx'
import { formValues } from '../../lib/form-values.ts'
import { parseWhole } from '../../lib/money.ts'
import type { StockItem } from '../../lib/stock.ts'
import { useIntentForm } from '../../live/use-intent-form.ts'

/** From which level on somebody should order; nothing typed: nobody is warned. */
export function LowLevel(props: { item: StockItem; branchId: string; onClose: () => void }) {
  const { item, branchId, onClose } = props
  const { t } = useTranslation('admin')
  const { form, answer } = useIntentForm('inventory.setThreshold', {
    draft: { lowAt: item.lowAt == null ? '' : String(item.lowAt) },
    from: ({ lowAt }) =>
      formValues(inventorySetThreshold, {
        stockItemId: item.id,
        // What is no number must not pass for none.
        lowAt: lowAt.trim() === '' ? null : (parseWhole(lowAt) ?? Number.NaN),
      }),
    words: () => ({ lowAt: t('shell.notNumber') }),
    branchId,
    done: () => t('stock.threshold.done', { item: item.name }),
    onDone: onClose,
  })
  return (
    <Dialog
      title={t('stock.threshold.title', { item: item.name })}
      onClose={onClose}
      of={answer}
      confirm={t('stock.threshold.confirm')}
    >
      <TextInput
        label={t('stock.threshold.label', { unit: item.unit })}
        description={t('stock.threshold.hint')}
        {...form.getInputProps('lowAt')}
        inputMode="numeric"
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data-autofocus
        data-testid="threshold"
      />
      <Text c="dimmed">{t('stock.threshold.now', { quantity: quantity(item.onHand), unit: item.unit })}</Text>
    </Dialog>
  )
}
