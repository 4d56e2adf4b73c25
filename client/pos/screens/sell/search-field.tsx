import { TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, memo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './menu.module.css'

/** What is typed is the field's own: a key draws what it finds, and nothing else. `onTake`: Enter; says whether that found anything. */
export const SearchField = memo(function SearchField(props: {
  onSearch: (text: string) => void
  onTake: (text: string) => boolean
}) {
  const { onSearch, onTake } = props
  const { t } = useTranslation('pos')
  const input = useRef<HTMLInputElement>(null)
  useHotkeys([['/', () => input.current?.focus()]])

  function onKeyDown({ key, currentTarget: field }: KeyboardEvent<HTMLInputElement>) {
    const isTaken = key === 'Enter' && field.value.trim() !== '' && onTake(field.value)
    if (key !== 'Escape' && !isTaken) return
    field.value = ''
    onSearch('')
  }
  return (
    <TextInput
      ref={input}
      className={classes.search}
      type="search"
      aria-label={t('sell.search')}
      placeholder={t('sell.searchHint')}
      leftSection={<IconSearch size={20} aria-hidden />}
      onChange={(event) => onSearch(event.currentTarget.value)}
      onKeyDown={onKeyDown}
    />
  )
})
