import { ActionIcon, Button, Group, Menu, SegmentedControl, Text } from '@mantine/core'
import { IconArrowLeft, IconShoppingBag, IconTrash } from '@tabler/icons-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Heading } from '../../components/screen.tsx'
import { useCart, useCartSteps } from '../../hooks/cart.tsx'
import { countOf, isEmpty, type SaleType, saleTypes } from '../../lib/cart.ts'
import classes from './cart.module.css'
import { CartLineRow } from './cart-line.tsx'
import { CartTotals } from './cart-totals.tsx'
import { LeftCart } from './left-cart.tsx'
import { MenuChanged } from './menu-changed.tsx'
import { Parking } from './parking.tsx'
import { PayButton } from './pay-button.tsx'

/**
 * What this customer takes, and what it comes to. `onHide`: where it covers the menu. What a tap changes is in parts of
 * its own, and the rest is not drawn with them.
 */
export const CartPanel = memo(function CartPanel({
  blocked,
  onHide,
}: {
  blocked: string | null
  onHide?: () => void
}) {
  const { t } = useTranslation('pos')
  const isNone = useCart(({ cart }) => isEmpty(cart))
  const saleType = useCart(({ cart }) => cart.saleType)
  const parked = useCart((carts) => carts.parked)
  const { setSaleType, empty } = useCartSteps()
  return (
    <aside className={classes.cart} aria-label={t('sell.cart.title')}>
      <div className={classes.cartHead}>
        {onHide && (
          <ActionIcon variant="subtle" color="gray" aria-label={t('sell.cart.hide')} onClick={onHide}>
            <IconArrowLeft />
          </ActionIcon>
        )}
        {onHide && <Heading isHidden>{t('sell.cart.title')}</Heading>}
        <span className={classes.cartTitle}>{isNone ? t('sell.cart.title') : <Count />}</span>
        <Parking isEmpty={isNone} parked={parked} />
        <EmptyIt isEmpty={isNone} onEmpty={empty} />
      </div>
      <MenuChanged />
      <LeftCart />
      <SaleTypes chosen={saleType} onChoose={setSaleType} />
      {isNone ? <Empty /> : <Lines />}
      <div className={classes.cartFoot}>
        <CartTotals />
        <PayButton isEmpty={isNone} blocked={blocked} />
      </div>
    </aside>
  )
})

function Count() {
  const { t } = useTranslation('pos')
  const count = useCart(({ cart }) => countOf(cart))
  return t('sell.cart.count', { count })
}

function Lines() {
  const { lines } = useCart(({ cart }) => cart)
  const lineInHand = useCart((carts) => carts.lineInHand)
  const { menu, setQuantity, takeInHand } = useCartSteps()
  return (
    <ul className={classes.lines}>
      {lines.map((line) => (
        <CartLineRow
          key={line.id}
          line={line}
          menu={menu}
          isInHand={lineInHand?.id === line.id}
          setQuantity={setQuantity}
          takeInHand={takeInHand}
        />
      ))}
    </ul>
  )
}

const EmptyIt = memo(function EmptyIt({ isEmpty, onEmpty }: { isEmpty: boolean; onEmpty: () => void }) {
  const { t } = useTranslation('pos')
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('sell.cart.clear')} disabled={isEmpty}>
          <IconTrash />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item color="red" leftSection={<IconTrash size={20} />} onClick={onEmpty}>
          {t('sell.cart.clear')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
})

const SaleTypes = memo(function SaleTypes(props: {
  chosen: SaleType
  onChoose: (saleType: SaleType) => void
}) {
  const { chosen, onChoose } = props
  const { t } = useTranslation('pos')
  return (
    <SegmentedControl
      mx="md"
      mb="xs"
      aria-label={t('sell.saleType.label')}
      data={saleTypes.map((value) => ({ value, label: t(`sell.saleType.${value}`) }))}
      value={chosen}
      onChange={(value) => onChoose(value as SaleType)}
    />
  )
})

function Empty() {
  const { t } = useTranslation('pos')
  const emptied = useCart((carts) => carts.emptied)
  const { undoEmpty } = useCartSteps()
  return (
    <Group flex={1} justify="center" align="center" p="md" c="dimmed" ta="center">
      <div>
        <IconShoppingBag size={40} aria-hidden className={classes.emptyIcon} />
        <Text>{t('sell.cart.empty')}</Text>
        {emptied && (
          <Button mt="sm" variant="default" data-testid="undo-empty" onClick={undoEmpty}>
            {t('sell.cart.undoEmpty', { count: countOf(emptied) })}
          </Button>
        )}
      </div>
    </Group>
  )
}
