import { Button, Card, Group, Stack, Text } from '@mantine/core'
import { IconPackage } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isLow } from '../../../contract.ts'
import { useBlocked, useEntities } from '../../../react/index.ts'
import { quantity } from '../../../ui/format.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { PendingMark } from '../../components/pending-mark.tsx'
import { Screen } from '../../components/screen.tsx'
import { inOrder, type StockItem } from '../../lib/stock.ts'
import { WasteDialog } from './waste-dialog.tsx'

/** What there is, with the effect of what is not sent yet; and what is thrown away. */
export default function StockScreen() {
  const { t } = useTranslation('pos')
  const items = useEntities('stockItem')
  return (
    <Screen title={t('stock.title')}>
      {items.length === 0 ? (
        <EmptyState icon={IconPackage} title={t('stock.none')} text={t('stock.noneText')} />
      ) : (
        <Items items={inOrder(items)} />
      )}
    </Screen>
  )
}

function Items({ items }: { items: readonly StockItem[] }) {
  const { t } = useTranslation('pos')
  const blocked = useBlocked('inventory.waste')
  const [wasted, setWasted] = useState<StockItem | null>(null)
  return (
    <Card withBorder>
      <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
        {items.map((item) => (
          <Group component="li" key={item.id} justify="space-between" wrap="nowrap" data-testid="stock-item">
            <div>
              <Text fw={600}>
                {item.name} {item.pending && <PendingMark />}
              </Text>
              <Text size="sm" c={isLow(item) ? 'var(--mantine-color-error)' : 'dimmed'}>
                {quantity(item.onHand)} {item.unit}
                {isLow(item) && ` · ${t('stock.low')}`}
              </Text>
            </div>
            <Button
              flex="none"
              variant="default"
              aria-label={t('stock.waste.buttonFor', { item: item.name })}
              disabled={blocked !== null}
              onClick={() => setWasted(item)}
            >
              {t('stock.waste.button')}
            </Button>
          </Group>
        ))}
      </Stack>
      {wasted && <WasteDialog item={wasted} onClose={() => setWasted(null)} />}
    </Card>
  )
}
