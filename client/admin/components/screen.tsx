import { Group, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './screen.module.css'

/**
 * A screen with its heading, which has the focus when the screen opens: a screen reader says where one is, and the
 * keyboard goes on from there.
 */
export function Screen(props: { title: string; actions?: ReactNode; children: ReactNode }) {
  const { title, actions, children } = props
  const { t } = useTranslation('admin')
  const app = t('title')
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  useEffect(() => {
    document.title = `${title} – ${app}`
  }, [title, app])
  return (
    <div className={classes.screen}>
      <Group justify="space-between" mb="lg" gap="sm">
        <Title ref={heading} tabIndex={-1} order={1} size="h2" className={classes.heading}>
          {title}
        </Title>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </div>
  )
}
