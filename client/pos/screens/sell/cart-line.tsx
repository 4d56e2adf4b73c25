import { ActionIcon, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconMinus, IconPlus, IconTrash } from '@tabler/icons-react'
import { memo, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { usd } from '../../../ui/format.ts'
import type { CartLine } from '../../lib/cart.ts'
import type { Menu } from '../../lib/menu.ts'
import { chosenOptions } from '../../lib/selection.ts'
import { QuantityButton } from './quantity-button.tsx'
import classes from './sell.module.css'

/** Drawn where the line itself has changed, not with every tap. */
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
  const step = (by: number) => setQuantity(line.id, quantity + by)
  return (
    <li ref={row} className={classes.line} data-in-hand={isInHand || undefined} data-testid="cart-line">
      <div className={classes.lineTop}>
        <span>{name}</span>
        <span className={classes.amount}>{usd(unitUsd * quantity)}</span>
      </div>
      <div className={classes.lineTop}>
        {groups.length > 0 ? (
          <UnstyledButton
            className={classes.choicesButton}
            onClick={() => takeInHand(isInHand ? null : line.id)}
          >
            <VisuallyHidden>{t('sell.cart.change', { name })}: </VisuallyHidden>
            {choices.length > 0 ? choices.join(', ') : t('sell.cart.noChoices')}
          </UnstyledButton>
        ) : (
          <Text size="sm" c="dimmed" className={classes.amount}>
            {quantity > 1 && t('sell.cart.each', { price: usd(unitUsd) })}
          </Text>
        )}
        <div className={classes.stepper}>
          <ActionIcon
            variant="default"
            aria-label={t(quantity === 1 ? 'sell.cart.remove' : 'sell.cart.less', { name })}
            onClick={() => step(-1)}
          >
            {quantity === 1 ? <IconTrash size={20} /> : <IconMinus size={20} />}
          </ActionIcon>
          <QuantityButton line={line} />
          <ActionIcon variant="default" aria-label={t('sell.cart.more', { name })} onClick={() => step(1)}>
            <IconPlus size={20} />
          </ActionIcon>
        </div>
      </div>
    </li>
  )
})
