import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useBlocked } from '../../../react/index.ts'
import { useReason } from '../../../ui/reasons.ts'
import { Heading, useScreenTitle } from '../../components/screen.tsx'
import { useCart } from '../../hooks/cart.tsx'
import { useOpenSession } from '../../hooks/use-cafe.ts'
import { useHasCartColumn } from '../../hooks/use-layout.ts'
import { CartBar } from './cart-bar.tsx'
import { CartPanel } from './cart-panel.tsx'
import { DrawerClosed } from './drawer-closed.tsx'
import classes from './menu.module.css'
import { MenuBoard } from './menu-board.tsx'
import { OptionsPanel } from './options-panel.tsx'

/** Home: what is sold on one side, what this customer takes on the other. */
export function SellScreen() {
  const { t } = useTranslation('pos')
  const reason = useReason()
  const session = useOpenSession()
  const blocked = useBlocked('sale.finalize')
  useScreenTitle(t('sell.title'))
  if (!session && blocked?.code !== 'BRANCH_FROZEN') return <DrawerClosed />
  return <Till blocked={blocked && reason(blocked)} />
}

/** Not drawn with every tap: what the cart is asked for is within. */
function Till({ blocked }: { blocked: string | null }) {
  const { t } = useTranslation('pos')
  const hasColumn = useHasCartColumn()
  const [isCartShown, setCartShown] = useState(false)
  if (!hasColumn && isCartShown) return <CartPanel blocked={blocked} onHide={() => setCartShown(false)} />
  return (
    <div className={classes.till}>
      <Heading isHidden>{t('sell.title')}</Heading>
      <div className={classes.menu}>
        <div className={classes.choosing}>
          <MenuBoard />
          <InHand />
        </div>
        {!hasColumn && <CartBar blocked={blocked} onShow={() => setCartShown(true)} />}
      </div>
      {hasColumn && <CartPanel blocked={blocked} />}
    </div>
  )
}

function InHand() {
  const lineInHand = useCart((carts) => carts.lineInHand)
  return lineInHand && <OptionsPanel key={lineInHand.id} line={lineInHand} />
}
