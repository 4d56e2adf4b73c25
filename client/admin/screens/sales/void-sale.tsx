import { Button, Text } from '@mantine/core'
import { IconReceiptRefund } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { quantity } from '../../../ui/format.ts'
import { Dialog } from '../../components/dialog.tsx'
import { ReasonField } from '../../components/reason-field.tsx'
import type { Sale } from '../../lib/sale.ts'
import { useIntent } from '../../live/use-intent.ts'

export function VoidSale({ sale }: { sale: Sale }) {
  const { t } = useTranslation('admin')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconReceiptRefund size={20} />}
        onClick={() => setOpen(true)}
        data-testid="void"
      >
        {t('sales.void.button')}
      </Button>
      {isOpen && <Question sale={sale} onClose={() => setOpen(false)} />}
    </>
  )
}

function Question({ sale, onClose }: { sale: Sale; onClose: () => void }) {
  const { t } = useTranslation('admin')
  const [reason, setReason] = useState('')
  const [isTried, setTried] = useState(false)
  const number = quantity(sale.receiptNumber)
  const intent = useIntent('sale.void', {
    branchId: sale.branchId,
    done: t('sales.void.done', { number }),
    onDone: onClose,
  })
  const confirm = () => {
    setTried(true)
    if (reason.trim()) intent.send({ saleId: sale.id, reason: reason.trim() })
  }
  return (
    <Dialog
      title={t('sales.void.title', { number })}
      onClose={onClose}
      intent={intent}
      onConfirm={confirm}
      confirm={t('sales.void.confirm')}
      isDanger
    >
      <Text>{t('sales.void.text')}</Text>
      <ReasonField
        value={reason}
        onChange={setReason}
        isMissing={isTried && !reason.trim()}
        disabled={intent.isOpen}
      />
    </Dialog>
  )
}
