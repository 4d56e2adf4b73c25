import { IconCoffee } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useBranch, useMe } from '../hooks/use-context.ts'
import { useHasCartColumn, useHasWideHeader } from '../hooks/use-layout.ts'
import { placesFor } from '../lib/places.ts'
import { Navigation } from './navigation.tsx'
import { PersonMenu } from './person-menu.tsx'
import classes from './shell.module.css'
import { StatusButton } from './status-button.tsx'
import { WorkButton } from './work-button.tsx'

export function Header({ onStatus }: { onStatus: () => void }) {
  const { t } = useTranslation('pos')
  const branch = useBranch()
  const isWide = useHasWideHeader()
  const hasRoom = useHasCartColumn()
  const [path] = useLocation()
  // Whoever sells nothing begins and ends work on the screen itself.
  const { role } = useMe()
  const isWorkShown = path === '/' && placesFor(role)[0] === 'work'
  return (
    <header className={classes.header}>
      {hasRoom && (
        <div className={classes.brand}>
          <IconCoffee aria-hidden />
          <span>{branch?.name ?? t('title')}</span>
        </div>
      )}
      {isWide && <Navigation />}
      <div className={classes.spacer} />
      {!isWorkShown && <WorkButton isCompact={!hasRoom} />}
      <StatusButton onClick={onStatus} />
      <PersonMenu isCompact={!isWide} />
    </header>
  )
}
