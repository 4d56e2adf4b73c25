import { MultiSelect, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newId } from 'uuid'
import { Dialog } from '../../components/dialog.tsx'
import rows from '../../components/field-row.module.css'
import { MoneyField } from '../../components/money-field.tsx'
import { useBranchName } from '../../components/names.tsx'
import { itemDraft, itemFrom } from '../../lib/item-draft.ts'
import type { MenuCategory, MenuItem, ModifierGroup } from '../../lib/menu.ts'
import { useConsole } from '../../live/console.ts'
import { useIntentForm } from '../../live/use-intent-form.ts'
import { RecipeFields } from './recipe-fields.tsx'

/** Null: a new item. */
export function ItemForm(props: {
  item: MenuItem | null
  categories: readonly MenuCategory[]
  groups: readonly ModifierGroup[]
  onClose: () => void
}) {
  const { item, categories, groups, onClose } = props
  const { t } = useTranslation('admin')
  const branchName = useBranchName()
  const { branches } = useConsole()
  const [id] = useState(() => newId())
  const { form, intent, answer } = useIntentForm('menuItem.save', {
    draft: itemDraft(item, id, categories[0]?.id ?? ''),
    from: itemFrom,
    words: () => ({ priceUsd: t('shell.notAmount'), quantity: t('shell.notNumber') }),
    done: ({ name }) => t('menu.form.saved', { name: name.trim() }),
    onDone: onClose,
  })
  const { visibleIn } = form.values
  /** Those that one is not assigned to stay as they are. */
  const branchIds = [...new Set([...branches.map(({ branchId }) => branchId), ...visibleIn])]

  return (
    <Dialog
      title={item ? t('menu.form.editItem', { item: item.name }) : t('menu.form.newItem')}
      onClose={onClose}
      of={answer}
      size="lg"
    >
      <TextInput
        label={t('menu.form.name')}
        {...form.getInputProps('name')}
        maxLength={200}
        data-autofocus
        data-testid="item-name"
      />
      <div className={rows.row}>
        <Select
          label={t('menu.form.category')}
          data={categories.map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps('categoryId')}
          allowDeselect={false}
        />
        <MoneyField
          currency="USD"
          label={t('menu.price')}
          {...form.getInputProps('priceUsd')}
          data-testid="item-price"
        />
      </div>
      <MultiSelect
        label={t('menu.form.groups')}
        data={groups.map(({ id, name }) => ({ value: id, label: name }))}
        {...form.getInputProps('modifierGroupIds')}
        hidePickedOptions
      />
      <MultiSelect
        label={t('menu.form.visibleIn')}
        placeholder={visibleIn.length === 0 ? t('menu.form.everywhere') : undefined}
        data={branchIds.map((branchId) => ({ value: branchId, label: branchName(branchId) }))}
        {...form.getInputProps('visibleIn')}
        hidePickedOptions
        clearable
      />
      <RecipeFields form={form} disabled={intent.isOpen} />
    </Dialog>
  )
}
