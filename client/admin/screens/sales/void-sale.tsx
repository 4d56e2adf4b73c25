import { Text } from '@mantine/core'
import { IconReceiptRefund } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { saleVoid } from '../../../contract.ts'
import { quantity } from '../../../ui/format.ts'
import { AskButton } from '../../components/ask-button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { ReasonField } from '../../components/reason-field.tsx'
import { formValues } from '../../lib/form-values.ts'
import type { Sale } from '../../lib/sale.ts'
import { useIntentForm } from '../../live/use-intent-form.ts'

export function VoidSale({ sale }: { sale: Sale }) {
  const { t } = useTranslation('admin')
  return (
    <AskButton
      variant="default"
      leftSection={<IconReceiptRefund size={20} />}
      asks={(close) => <Question sale={sale} onClose={close} />}
      data-testid="void"
    >
      {t('sales.void.button')}
    </AskButton>
  )
}

function Question({ sale, onClose }: { sale: Sale; onClose: () => void }) {
  const { t } = useTranslation('admin')
  const number = quantity(sale.receiptNumber)
  const { form, answer } = useIntentForm('sale.void', {
    draft: { reason: '' },
    from: (typed) => formValues(saleVoid, { ...typed, saleId: sale.id }),
    branchId: sale.branchId,
    done: () => t('sales.void.done', { number }),
    onDone: onClose,
  })
  return (
    <Dialog
      title={t('sales.void.title', { number })}
      onClose={onClose}
      of={answer}
      confirm={t('sales.void.confirm')}
      isDanger
    >
      <Text>{t('sales.void.text')}</Text>
      <ReasonField {...form.getInputProps('reason')} />
    </Dialog>
  )
}
