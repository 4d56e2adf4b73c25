import { IconCash, IconClockPlay, IconPackage, IconReceipt, IconShoppingBag } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { useMe } from '../hooks/use-context.ts'
import { type Place, placesFor } from '../lib/places.ts'
import classes from './shell.module.css'

const tabs: Record<Place, { path: string; icon: typeof IconCash; also: RegExp }> = {
  sell: { path: '/', icon: IconShoppingBag, also: /^\/(pay|receipt)/ },
  work: { path: '/', icon: IconClockPlay, also: /^\/$/ },
  cash: { path: '/cash', icon: IconCash, also: /^\/cash/ },
  sales: { path: '/sales', icon: IconReceipt, also: /^\/sales/ },
  stock: { path: '/stock', icon: IconPackage, also: /^\/stock/ },
}

export function Navigation({ isAtBottom = false }: { isAtBottom?: boolean }) {
  const { t } = useTranslation('pos')
  const [path] = useLocation()
  const places = placesFor(useMe().role)
  // Where there is one place, there is nowhere to go.
  if (places.length === 1) return null
  return (
    <nav aria-label={t('shell.nav.label')} className={`${classes.nav} ${isAtBottom ? classes.bottom : ''}`}>
      {places.map((name) => {
        const { path: to, icon: Icon, also } = tabs[name]
        return (
          <Link key={to} href={to} aria-current={path === to || also.test(path) ? 'page' : undefined}>
            <Icon size={22} aria-hidden />
            {t(`shell.nav.${name}`)}
          </Link>
        )
      })}
    </nav>
  )
}
