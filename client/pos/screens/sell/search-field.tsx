import { TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, memo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './menu.module.css'

/** What is typed is its own: a key draws the field, and not what is around it. `onTake`: Enter; says whether that found anything. */
export const SearchField = memo(function SearchField(props: {
  onSearch: (text: string) => void
  onTake: (text: string) => boolean
}) {
  const { onSearch, onTake } = props
  const { t } = useTranslation('pos')
  const [text, setText] = useState('')
  const input = useRef<HTMLInputElement>(null)
  useHotkeys([['/', () => input.current?.focus()]])

  function lookFor(typed: string) {
    setText(typed)
    onSearch(typed)
  }
  function onKeyDown({ key }: KeyboardEvent) {
    if (key === 'Escape' || (key === 'Enter' && text.trim() !== '' && onTake(text))) lookFor('')
  }
  return (
    <TextInput
      ref={input}
      className={classes.search}
      type="search"
      aria-label={t('sell.search')}
      placeholder={t('sell.searchHint')}
      leftSection={<IconSearch size={20} aria-hidden />}
      value={text}
      onChange={(event) => lookFor(event.currentTarget.value)}
      onKeyDown={onKeyDown}
    />
  )
})
