import { IconMinus, IconPlus, IconTrash } from '@tabler/icons-react'
import { memo, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { usd } from '../../../ui/format.ts'
import { PlainButton } from '../../components/plain-button.tsx'
import type { CartLine } from '../../lib/cart.ts'
import type { Menu } from '../../lib/menu.ts'
import { chosenOptions } from '../../lib/selection.ts'
import classes from './cart.module.css'
import { QuantityButton } from './quantity-button.tsx'

/** Drawn where the line itself has changed, not with every tap; of plain elements, as each tap may make one. */
export const CartLineRow = memo(function CartLineRow(props: {
  line: CartLine
  menu: Menu
  isInHand: boolean
  setQuantity: (lineId: string, quantity: number) => void
  takeInHand: (lineId: string | null) => void
}) {
  const { line, menu, isInHand, setQuantity, takeInHand } = props
  const { t } = useTranslation('pos')
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (isInHand) row.current?.scrollIntoView({ block: 'nearest' })
  }, [isInHand])

  const { name, quantity, unitUsd } = line
  const item = menu.item(line.menuItemId)
  const groups = item ? menu.groupsOf(item) : []
  const choices = chosenOptions(groups, line.optionIds).map((option) => option.name)
  const shown = choices.join(', ') || t('sell.cart.noChoices')
  const step = (by: number) => setQuantity(line.id, quantity + by)
  return (
    <li ref={row} className={classes.line} data-in-hand={isInHand || undefined} data-testid="cart-line">
      <div className={classes.lineTop}>
        <span>{name}</span>
        <span className={classes.amount}>{usd(unitUsd * quantity)}</span>
      </div>
      <div className={classes.lineTop}>
        {groups.length > 0 ? (
          <button
            type="button"
            className={`mantine-focus-auto ${classes.choicesButton}`}
            aria-label={`${t('sell.cart.change', { name })}: ${shown}`}
            onClick={() => takeInHand(isInHand ? null : line.id)}
          >
            {shown}
          </button>
        ) : (
          <span className={classes.each}>{quantity > 1 && t('sell.cart.each', { price: usd(unitUsd) })}</span>
        )}
        <div className={classes.stepper}>
          <PlainButton
            className={classes.step}
            aria-label={t(quantity === 1 ? 'sell.cart.remove' : 'sell.cart.less', { name })}
            onClick={() => step(-1)}
          >
            {quantity === 1 ? <IconTrash size={20} /> : <IconMinus size={20} />}
          </PlainButton>
          <QuantityButton line={line} label={t('sell.cart.quantityOf', { name, count: quantity })} />
          <PlainButton
            className={classes.step}
            aria-label={t('sell.cart.more', { name })}
            onClick={() => step(1)}
          >
            <IconPlus size={20} />
          </PlainButton>
        </div>
      </div>
    </li>
  )
})
