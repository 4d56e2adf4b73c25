import { Button, Stack, Text, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEntity, usePerform } from '../../../react/index.ts'
import { quantity } from '../../../ui/format.ts'
import { announce } from '../../announce.ts'
import { Dialog } from '../../components/dialog.tsx'
import { Problem } from '../../components/problem.tsx'
import { quantityOf, type StockItem } from '../../lib/stock.ts'

/** How much of an item was thrown away, and why. */
export function WasteDialog({ item, onClose }: { item: StockItem; onClose: () => void }) {
  const { t } = useTranslation('pos')
  const { perform, isPerforming, blocked } = usePerform()
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const [wasTried, setTried] = useState(false)
  const { onHand } = useEntity('stockItem', item.id) ?? item
  const wasted = quantityOf(typed)
  const isReady = wasted !== null && reason.trim() !== ''

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    setTried(true)
    if (!isReady) return
    const payload = { stockItemId: item.id, quantity: wasted, reason: reason.trim() }
    if (!(await perform('inventory.waste', payload))) return
    announce(t('stock.waste.done'))
    onClose()
  }

  return (
    <Dialog opened onClose={onClose} title={t('stock.waste.title', { item: item.name })}>
      <Stack component="form" onSubmit={submit}>
        <TextInput
          data-autofocus
          data-testid="waste-quantity"
          label={t('stock.waste.quantity', { unit: item.unit })}
          inputMode="numeric"
          size="lg"
          value={typed}
          error={wasTried && wasted === null && t('stock.waste.needQuantity')}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <TextInput
          data-testid="waste-reason"
          label={t('stock.waste.reason')}
          description={t('stock.waste.reasonHelp')}
          maxLength={500}
          value={reason}
          error={wasTried && reason.trim() === '' && t('stock.waste.needReason')}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {wasted !== null && (
          <Text c="dimmed">
            {t('stock.waste.left', { quantity: quantity(onHand - wasted), unit: item.unit })}
          </Text>
        )}
        {blocked && <Problem of={blocked} />}
        <Button type="submit" size="lg" data-testid="confirm" loading={isPerforming}>
          {t('stock.waste.confirm')}
        </Button>
      </Stack>
    </Dialog>
  )
}
