import { MultiSelect, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newId } from 'uuid'
import { Dialog } from '../../components/dialog.tsx'
import rows from '../../components/field-row.module.css'
import { MoneyField } from '../../components/money-field.tsx'
import { useBranchName } from '../../components/names.tsx'
import { useDraft } from '../../components/use-draft.ts'
import { itemDraft, itemFrom, priceFrom } from '../../lib/item-draft.ts'
import type { MenuCategory, MenuItem, ModifierGroup } from '../../lib/menu.ts'
import { useConsole } from '../../live/console.ts'
import { useIntent } from '../../live/use-intent.ts'
import { RecipeFields } from './recipe-fields.tsx'

/** Null: a new item. */
export function ItemForm(props: {
  item: MenuItem | null
  categories: readonly MenuCategory[]
  groups: readonly ModifierGroup[]
  onClose: () => void
}) {
  const { item, categories, groups, onClose } = props
  const { t } = useTranslation(['admin', 'ui'])
  const branchName = useBranchName()
  const { branches } = useConsole()
  const [menuItemId] = useState(() => item?.id ?? newId())
  const [draft, change] = useDraft(() => itemDraft(item, categories[0]?.id ?? ''))
  const [isTried, setTried] = useState(false)
  const intent = useIntent('menuItem.save', {
    done: t('menu.form.saved', { name: draft.name.trim() }),
    onDone: onClose,
  })
  /** Those that one is not assigned to stay as they are. */
  const branchIds = [...new Set([...branches.map(({ branchId }) => branchId), ...draft.visibleIn])]

  function confirm(): void {
    setTried(true)
    const input = itemFrom(draft)
    if (input) intent.send({ menuItemId, ...input })
  }

  return (
    <Dialog
      title={item ? t('menu.form.editItem', { item: item.name }) : t('menu.form.newItem')}
      onClose={onClose}
      intent={intent}
      onConfirm={confirm}
      confirm={t('ui:action.save')}
      size="lg"
    >
      <TextInput
        label={t('menu.form.name')}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        maxLength={200}
        error={isTried && !draft.name.trim() && t('shell.required')}
        disabled={intent.isOpen}
        data-autofocus
        data-testid="item-name"
      />
      <div className={rows.row}>
        <Select
          label={t('menu.form.category')}
          data={categories.map(({ id, name }) => ({ value: id, label: name }))}
          value={draft.categoryId}
          onChange={(categoryId) => categoryId && change({ categoryId })}
          allowDeselect={false}
          disabled={intent.isOpen}
        />
        <MoneyField
          currency="USD"
          label={t('menu.price')}
          value={draft.price}
          onChange={(price) => change({ price })}
          error={isTried && priceFrom(draft.price) === null && t('shell.notAmount')}
          disabled={intent.isOpen}
          data-testid="item-price"
        />
      </div>
      <MultiSelect
        label={t('menu.form.groups')}
        data={groups.map(({ id, name }) => ({ value: id, label: name }))}
        value={draft.modifierGroupIds}
        onChange={(modifierGroupIds) => change({ modifierGroupIds })}
        disabled={intent.isOpen}
        hidePickedOptions
      />
      <MultiSelect
        label={t('menu.form.visibleIn')}
        placeholder={draft.visibleIn.length === 0 ? t('menu.form.everywhere') : undefined}
        data={branchIds.map((branchId) => ({ value: branchId, label: branchName(branchId) }))}
        value={draft.visibleIn}
        onChange={(visibleIn) => change({ visibleIn })}
        disabled={intent.isOpen}
        hidePickedOptions
        clearable
      />
      <RecipeFields
        recipe={draft.recipe}
        onChange={(recipe) => change({ recipe })}
        isTried={isTried}
        disabled={intent.isOpen}
      />
    </Dialog>
  )
}
