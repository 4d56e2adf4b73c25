import { IconCash, IconPackage, IconReceipt, IconShoppingBag } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import classes from './shell.module.css'

const places = [
  { path: '/', name: 'sell', icon: IconShoppingBag, also: /^\/(pay|receipt)/ },
  { path: '/cash', name: 'cash', icon: IconCash, also: /^\/cash/ },
  { path: '/sales', name: 'sales', icon: IconReceipt, also: /^\/sales/ },
  { path: '/stock', name: 'stock', icon: IconPackage, also: /^\/stock/ },
] as const

export function Navigation({ isAtBottom = false }: { isAtBottom?: boolean }) {
  const { t } = useTranslation('pos')
  const [path] = useLocation()
  return (
    <nav aria-label={t('shell.nav.label')} className={`${classes.nav} ${isAtBottom ? classes.bottom : ''}`}>
      {places.map(({ path: to, name, icon: Icon, also }) => (
        <Link key={to} href={to} aria-current={path === to || also.test(path) ? 'page' : undefined}>
          <Icon size={22} aria-hidden />
          {t(`shell.nav.${name}`)}
        </Link>
      ))}
    </nav>
  )
}
