import { useTranslation } from 'react-i18next'
import { usd } from '../../../ui/format.ts'
import { Changed } from '../../components/changed.tsx'
import { useCart, useCartSteps } from '../../hooks/cart.tsx'
import type { Notice } from '../../lib/price-cart.ts'

/** The menu has changed under the cart: the customer should hear it before they pay. */
export function MenuChanged() {
  const notices = useCart((carts) => carts.notices)
  return notices.length > 0 && <Notices notices={notices} />
}

function Notices({ notices }: { notices: readonly Notice[] }) {
  const { t } = useTranslation('pos')
  const { dismissNotices } = useCartSteps()
  const textOf = (notice: Notice) =>
    notice.what === 'price'
      ? t('sell.changed.price', { name: notice.name, from: usd(notice.from), to: usd(notice.to) })
      : t(`sell.changed.${notice.what}`, { name: notice.name })
  return (
    <Changed title={t('sell.changed.title')} mx="md" onSeen={dismissNotices}>
      {notices.map((notice, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: notices have no other identity, and only grow
        <div key={i}>{textOf(notice)}</div>
      ))}
    </Changed>
  )
}
