import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StockItem } from '../../lib/stock.ts'
import { AdjustStock } from './adjust-stock.tsx'
import { LowLevel } from './low-level.tsx'
import { Restock } from './restock.tsx'

export function StockActions({ item, branchId }: { item: StockItem; branchId: string }) {
  const { t } = useTranslation('admin')
  const [doing, setDoing] = useState<'restock' | 'adjust' | 'threshold' | null>(null)
  const close = () => setDoing(null)
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <Button
        variant="default"
        size="sm"
        onClick={() => setDoing('restock')}
        aria-label={`${t('stock.delivered')}: ${item.name}`}
        data-testid="restock"
      >
        {t('stock.delivered')}
      </Button>
      <Button
        variant="default"
        size="sm"
        onClick={() => setDoing('adjust')}
        aria-label={`${t('stock.adjust')}: ${item.name}`}
        data-testid="adjust"
      >
        {t('stock.adjust')}
      </Button>
      <Button
        variant="default"
        size="sm"
        onClick={() => setDoing('threshold')}
        aria-label={`${t('stock.threshold.button')}: ${item.name}`}
        data-testid="set-threshold"
      >
        {t('stock.threshold.button')}
      </Button>
      {doing === 'threshold' && <LowLevel item={item} branchId={branchId} onClose={close} />}
      {doing === 'restock' && <Restock item={item} branchId={branchId} onClose={close} />}
      {doing === 'adjust' && <AdjustStock item={item} branchId={branchId} onClose={close} />}
    </Group>
  )
}
