import { TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newId } from 'uuid'
import { inventoryRestock } from '../../../contract.ts'
import { AskButton } from '../../components/ask-button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import rows from '../../components/field-row.module.css'
import { formValues } from '../../lib/form-values.ts'
import { parseWhole } from '../../lib/money.ts'
import { useIntentForm } from '../../live/use-intent-form.ts'

export function AddStockItem({ branchId }: { branchId: string }) {
  const { t } = useTranslation('admin')
  return (
    <AskButton
      leftSection={<IconPlus size={20} />}
      asks={(close) => <NewStockItem branchId={branchId} onClose={close} />}
      data-testid="add-stock-item"
    >
      {t('stock.add.button')}
    </AskButton>
  )
}

function NewStockItem({ branchId, onClose }: { branchId: string; onClose: () => void }) {
  const { t } = useTranslation('admin')
  const [stockItemId] = useState(() => newId())
  const { form, answer } = useIntentForm('inventory.restock', {
    draft: { name: '', unit: '', quantity: '' },
    from: (typed) =>
      formValues(inventoryRestock, { ...typed, stockItemId, quantity: parseWhole(typed.quantity) }),
    words: () => ({ quantity: t('shell.notNumber') }),
    branchId,
    done: ({ name }) => t('stock.add.done', { item: name.trim() }),
    onDone: onClose,
  })
  return (
    <Dialog title={t('stock.add.title')} onClose={onClose} of={answer} confirm={t('stock.add.confirm')}>
      <TextInput label={t('stock.add.name')} {...form.getInputProps('name')} maxLength={100} data-autofocus />
      <div className={rows.row}>
        <TextInput
          label={t('stock.add.unit')}
          description={t('stock.add.unitHint')}
          {...form.getInputProps('unit')}
          maxLength={20}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
        />
        <TextInput label={t('stock.add.quantity')} {...form.getInputProps('quantity')} inputMode="numeric" />
      </div>
    </Dialog>
  )
}
