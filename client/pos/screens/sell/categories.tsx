import { UnstyledButton } from '@mantine/core'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Section } from '../../lib/menu.ts'
import { hueOf } from './hues.ts'
import classes from './menu.module.css'

export const Categories = memo(function Categories(props: {
  sections: readonly Section[]
  /** null: all of them. */
  chosen: string | null
  onChoose: (categoryId: string | null) => void
}) {
  const { sections, chosen, onChoose } = props
  const { t } = useTranslation('pos')
  return (
    <fieldset className={classes.categories} aria-label={t('sell.categories')}>
      <UnstyledButton
        className={classes.category}
        aria-pressed={chosen === null}
        onClick={() => onChoose(null)}
      >
        {t('sell.all')}
      </UnstyledButton>
      {sections.map(({ category: { id, name } }, i) => (
        <UnstyledButton
          key={id}
          className={classes.category}
          aria-pressed={chosen === id}
          onClick={() => onChoose(id)}
        >
          <span className={classes.dot} style={hueOf(i)} aria-hidden />
          {name}
        </UnstyledButton>
      ))}
    </fieldset>
  )
})
