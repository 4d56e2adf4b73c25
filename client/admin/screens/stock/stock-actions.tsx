import { Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { AskButton } from '../../components/ask-button.tsx'
import type { StockItem } from '../../lib/stock.ts'
import { AdjustStock } from './adjust-stock.tsx'
import { LowLevel } from './low-level.tsx'
import { Restock } from './restock.tsx'

const actions = [
  { testId: 'restock', says: 'stock.delivered', Dialog: Restock },
  { testId: 'adjust', says: 'stock.adjust', Dialog: AdjustStock },
  { testId: 'set-threshold', says: 'stock.threshold.button', Dialog: LowLevel },
] as const

export function StockActions(props: { item: StockItem; branchId: string }) {
  const { t } = useTranslation('admin')
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      {actions.map(({ testId, says, Dialog }) => (
        <AskButton
          key={testId}
          variant="default"
          size="sm"
          asks={(close) => <Dialog {...props} onClose={close} />}
          aria-label={`${t(says)}: ${props.item.name}`}
          data-testid={testId}
        >
          {t(says)}
        </AskButton>
      ))}
    </Group>
  )
}
