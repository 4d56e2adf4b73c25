import { Burger, Group, NavLink, ScrollArea, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { LanguageSwitch } from '../../ui/language-switch.tsx'
import { groups } from './screens.ts'
import classes from './shell.module.css'

export function Navigation({ isOpen, onLeave }: { isOpen: boolean; onLeave: () => void }) {
  const { t } = useTranslation('admin')
  const [location] = useLocation()
  return (
    <>
      <Group h={64} px="md" justify="space-between" wrap="nowrap">
        <Text fw={700} c="var(--mantine-color-anchor)" className={classes.brand}>
          Modula
        </Text>
        {isOpen && <Burger opened onClick={onLeave} hiddenFrom="md" aria-label={t('shell.nav.shut')} />}
      </Group>
      <ScrollArea type="auto" flex={1} px="xs" pb="md">
        <nav aria-label={t('shell.nav.label')}>
          {groups.map((group) => (
            <div key={group.name ?? ''}>
              {group.name && <div className={classes.group}>{t(`shell.nav.${group.name}`)}</div>}
              {group.screens.map(({ name, path, Icon }) => {
                const isHere = location === path
                return (
                  <NavLink
                    key={name}
                    component={Link}
                    href={path}
                    label={t(`shell.nav.${name}`)}
                    leftSection={<Icon size={20} aria-hidden />}
                    active={isHere}
                    aria-current={isHere ? 'page' : undefined}
                    onClick={onLeave}
                    className={classes.link}
                    data-testid={`nav-${name}`}
                  />
                )
              })}
            </div>
          ))}
        </nav>
      </ScrollArea>
      <Group hiddenFrom="sm" p="md">
        <LanguageSwitch />
      </Group>
    </>
  )
}
