import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newId } from 'uuid'
import { Dialog } from '../../components/dialog.tsx'
import type { MenuCategory } from '../../lib/menu.ts'
import { parseWhole } from '../../lib/money.ts'
import { useIntent } from '../../live/use-intent.ts'

/** Null: a new one, at this position. */
export function CategoryForm(props: {
  category: MenuCategory | null
  position: number
  onClose: () => void
}) {
  const { category, onClose } = props
  const { t } = useTranslation(['admin', 'ui'])
  const [categoryId] = useState(() => category?.id ?? newId())
  const [name, setName] = useState(category?.name ?? '')
  const [text, setText] = useState(String(category?.position ?? props.position))
  const [isTried, setTried] = useState(false)
  const intent = useIntent('menuCategory.save', {
    done: t('menu.category.saved', { name: name.trim() }),
    onDone: onClose,
  })
  const position = parseWhole(text)
  const isWrong = position === null || position < 0

  function confirm(): void {
    setTried(true)
    if (name.trim() && !isWrong) intent.send({ categoryId, name: name.trim(), position })
  }

  return (
    <Dialog
      title={category ? t('menu.category.edit', { name: category.name }) : t('menu.category.new')}
      onClose={onClose}
      intent={intent}
      onConfirm={confirm}
      confirm={t('ui:action.save')}
    >
      <TextInput
        label={t('menu.form.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={100}
        error={isTried && !name.trim() && t('shell.required')}
        disabled={intent.isOpen}
        data-autofocus
      />
      <TextInput
        label={t('menu.category.position')}
        description={t('menu.category.positionHint')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        inputMode="numeric"
        error={isWrong && t('shell.notNumber')}
        disabled={intent.isOpen}
      />
    </Dialog>
  )
}
