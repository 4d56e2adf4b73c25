import { Group, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './screen.module.css'

/**
 * A screen with its heading. The heading has the focus when the screen opens, so that a screen reader says where one is
 * and the keyboard goes on from there.
 */
export function Screen(props: {
  title: string
  /** Beside the heading. */
  actions?: ReactNode
  children: ReactNode
}) {
  const { title, actions, children } = props
  useScreenTitle(title)
  return (
    <div className={classes.screen}>
      <Group justify="space-between" mb="md" gap="sm">
        <Heading>{title}</Heading>
        {actions}
      </Group>
      {children}
    </div>
  )
}

export function Heading({ children, isHidden = false }: { children: string; isHidden?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <Title
      ref={heading}
      tabIndex={-1}
      order={1}
      size="h2"
      className={isHidden ? classes.hidden : classes.heading}
    >
      {children}
    </Title>
  )
}

/** The browser's tab and the system's list of apps say which screen it is. */
export function useScreenTitle(title: string): void {
  const { t } = useTranslation('pos')
  const app = t('title')
  useEffect(() => {
    document.title = `${title} – ${app}`
  }, [title, app])
}
