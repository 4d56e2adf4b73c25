import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type CashSessionMovement, cashOf, type SaleFinalize } from '../../contract.ts'
import { useEntities } from '../../react/index.ts'
import type { FailedOperation } from '../../sdk/index.ts'
import { bothText } from '../components/both.tsx'
import { referenceOf } from '../lib/day.ts'

/** Of a refused sale its lines, its cash and what stands on its receipt; of a movement what it was for. */
export function FailedContent({ of: { type, payload } }: { of: FailedOperation }) {
  if (type === 'sale.finalize') return <SaleContent of={payload as SaleFinalize} />
  if (type !== 'cashSession.movement') return null
  return <Text size="sm">{(payload as CashSessionMovement).reason}</Text>
}

function SaleContent({ of: { saleId, lines, tender } }: { of: SaleFinalize }) {
  const { t } = useTranslation('pos')
  const items = useEntities('menuItem')
  const nameOf = (id: string) => items.find((item) => item.id === id)?.name ?? id
  const { received, change } = cashOf(tender)
  return (
    <div data-testid="failed-content">
      <Text size="sm">
        {lines.map(({ menuItemId, quantity }) => `${quantity} × ${nameOf(menuItemId)}`).join(', ')}
      </Text>
      <Text size="sm" style={{ fontVariantNumeric: 'tabular-nums' }}>
        {t('pay.receipt.received')}: {bothText(received)} · {t('pay.receipt.change')}: {bothText(change)}
      </Text>
      <Text size="sm" c="dimmed">
        {t('pay.receipt.reference', { reference: referenceOf({ id: saleId }) })}
      </Text>
    </div>
  )
}
