import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { usd } from '../../../ui/format.ts'
import { useCountOf } from '../../hooks/cart.tsx'
import type { Item } from '../../lib/menu.ts'
import classes from './menu.module.css'

/** One thing to sell, and how many of it are in the cart. There are hundreds: a plain button, drawn where it has changed. */
export const ItemTile = memo(function ItemTile({ item, onAdd }: { item: Item; onAdd: (item: Item) => void }) {
  const count = useCountOf(item.id)
  return (
    <li>
      <button
        type="button"
        className={`mantine-focus-auto ${classes.tile}`}
        data-testid="menu-item"
        data-id={item.id}
        data-counted={count > 0 || undefined}
        onClick={() => onAdd(item)}
      >
        <span className={classes.tileName}>{item.name}</span>
        <span className={classes.tileFoot}>
          {usd(item.priceUsd)}
          {count > 0 && <InCart count={count} />}
        </span>
      </button>
    </li>
  )
})

/** Words cost time in each of hundreds of tiles: they are here where something is in the cart. */
function InCart({ count }: { count: number }) {
  const { t } = useTranslation('pos')
  return (
    <span role="img" className={classes.tileCount} aria-label={t('sell.inCart', { count })}>
      {count}
    </span>
  )
}
