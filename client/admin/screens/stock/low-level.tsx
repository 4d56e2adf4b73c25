import { Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { quantity } from '../../../ui/format.ts'
import { Dialog } from '../../components/dialog.tsx'
import { parseWhole } from '../../lib/money.ts'
import type { StockItem } from '../../lib/stock.ts'
import { useIntent } from '../../live/use-intent.ts'

/** From which level on somebody should order; nothing typed: nobody is warned. */
export function LowLevel(props: { item: StockItem; branchId: string; onClose: () => void }) {
  const { item, branchId, onClose } = props
  const { t } = useTranslation('admin')
  const [text, setText] = useState(item.lowAt == null ? '' : String(item.lowAt))
  const [isTried, setTried] = useState(false)
  const intent = useIntent('inventory.setThreshold', {
    branchId,
    done: t('stock.threshold.done', { item: item.name }),
    onDone: onClose,
  })
  const lowAt = text.trim() === '' ? null : parseWhole(text)
  const isWrong = text.trim() !== '' && (lowAt === null || lowAt < 0)

  function confirm(): void {
    setTried(true)
    if (!isWrong) intent.send({ stockItemId: item.id, lowAt })
  }

  return (
    <Dialog
      title={t('stock.threshold.title', { item: item.name })}
      onClose={onClose}
      intent={intent}
      onConfirm={confirm}
      confirm={t('stock.threshold.confirm')}
    >
      <TextInput
        label={t('stock.threshold.label', { unit: item.unit })}
        description={t('stock.threshold.hint')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        inputMode="numeric"
        error={isWrong && (isTried || text.trim() !== '') && t('shell.notNumber')}
        disabled={intent.isOpen}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data-autofocus
        data-testid="threshold"
      />
      <Text c="dimmed">{t('stock.threshold.now', { quantity: quantity(item.onHand), unit: item.unit })}</Text>
    </Dialog>
  )
}
