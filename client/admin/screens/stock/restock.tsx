import { Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { inventoryRestock } from '../../../contract.ts'
import { quantity } from '../../../ui/format.ts'
import { Dialog } from '../../components/dialog.tsx'
import { formValues } from '../../lib/form-values.ts'
import { parseWhole } from '../../lib/money.ts'
import type { StockItem } from '../../lib/stock.ts'
import { useIntentForm } from '../../live/use-intent-form.ts'

/** A delivery: what came is added to what is there. */
export function Restock(props: { item: StockItem; branchId: string; onClose: () => void }) {
  const { item, branchId, onClose } = props
  const { t } = useTranslation('admin')
  const { form, values, answer } = useIntentForm('inventory.restock', {
    draft: { quantity: '', reason: '' },
    from: (typed) =>
      formValues(inventoryRestock, {
        stockItemId: item.id,
        quantity: parseWhole(typed.quantity),
        reason: typed.reason.trim() || null,
      }),
    words: () => ({ quantity: t('shell.notNumber') }),
    branchId,
    done: () => t('stock.restock.done', { item: item.name }),
    onDone: onClose,
  })
  return (
    <Dialog
      title={t('stock.restock.title', { item: item.name })}
      onClose={onClose}
      of={answer}
      confirm={t('stock.restock.confirm')}
    >
      <TextInput
        label={t('stock.quantity', { unit: item.unit })}
        {...form.getInputProps('quantity')}
        inputMode="numeric"
        data-autofocus
        data-testid="quantity"
      />
      <TextInput
        label={t('stock.restock.reason')}
        description={t('shell.reasonHint')}
        {...form.getInputProps('reason')}
        maxLength={500}
      />
      {values && (
        <Text c="dimmed">
          {t('stock.restock.becomes', { quantity: quantity(item.onHand + values.quantity), unit: item.unit })}
        </Text>
      )}
    </Dialog>
  )
}
