import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newId } from 'uuid'
import { menuCategorySave } from '../../../contract.ts'
import { Dialog } from '../../components/dialog.tsx'
import { formValues } from '../../lib/form-values.ts'
import type { MenuCategory } from '../../lib/menu.ts'
import { parseWhole } from '../../lib/money.ts'
import { useIntentForm } from '../../live/use-intent-form.ts'

/** Null: a new one, at this position. */
export function CategoryForm(props: {
  category: MenuCategory | null
  position: number
  onClose: () => void
}) {
  const { category, onClose } = props
  const { t } = useTranslation('admin')
  const [categoryId] = useState(() => category?.id ?? newId())
  const { form, answer } = useIntentForm('menuCategory.save', {
    draft: { name: category?.name ?? '', position: String(category?.position ?? props.position) },
    from: ({ name, position }) =>
      formValues(menuCategorySave, { categoryId, name, position: parseWhole(position) }),
    words: () => ({ position: t('shell.notNumber') }),
    done: ({ name }) => t('menu.category.saved', { name: name.trim() }),
    onDone: onClose,
  })
  return (
    <Dialog
      title={category ? t('menu.category.edit', { name: category.name }) : t('menu.category.new')}
      onClose={onClose}
      of={answer}
    >
      <TextInput label={t('menu.form.name')} {...form.getInputProps('name')} maxLength={100} data-autofocus />
      <TextInput
        label={t('menu.category.position')}
        description={t('menu.category.positionHint')}
        {...form.getInputProps('position')}
        inputMode="numeric"
      />
    </Dialog>
  )
}
