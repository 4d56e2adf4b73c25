import { Button, Group } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { quantity } from '../../../ui/format.ts'
import { RowTable } from '../../components/row-table.tsx'
import { type MenuCategory, type MenuItem, nextPosition } from '../../lib/menu.ts'
import { useMay } from '../../live/console.ts'
import { CategoryForm } from './category-form.tsx'
import { RemoveDialog } from './remove-dialog.tsx'
import { RowButtons } from './row-buttons.tsx'

export function Categories(props: { categories: readonly MenuCategory[]; items: readonly MenuItem[] }) {
  const { categories, items } = props
  const { t } = useTranslation('admin')
  const mayEdit = useMay('menu.edit')
  const [edited, setEdited] = useState<MenuCategory | 'new' | null>(null)
  const [removed, setRemoved] = useState<MenuCategory | null>(null)
  return (
    <>
      {mayEdit && (
        <Group justify="flex-end" mb="md">
          <Button
            leftSection={<IconPlus size={20} />}
            onClick={() => setEdited('new')}
            data-testid="add-category"
          >
            {t('menu.category.new')}
          </Button>
        </Group>
      )}
      <RowTable
        label={t('menu.tabs.categories')}
        rows={categories}
        keyOf={({ id }) => id}
        marks={({ id }) => ({ 'data-testid': 'category-row', 'data-id': id })}
        columns={[
          { name: t('menu.form.category'), look: { fw: 550 }, cell: ({ name }) => name },
          {
            name: t('menu.category.position'),
            isNumber: true,
            cell: ({ position }) => quantity(position),
          },
          {
            name: t('menu.category.items'),
            isNumber: true,
            cell: ({ id }) => quantity(items.filter(({ categoryId }) => categoryId === id).length),
          },
          mayEdit && {
            name: t('shell.edit'),
            isHidden: true,
            cell: (category) => (
              <RowButtons
                of={category.name}
                edit={t('menu.category.edit', { name: category.name })}
                onEdit={() => setEdited(category)}
                onRemove={() => setRemoved(category)}
              />
            ),
          },
        ]}
      />
      {edited && (
        <CategoryForm
          category={edited === 'new' ? null : edited}
          position={nextPosition(categories)}
          onClose={() => setEdited(null)}
        />
      )}
      {removed && (
        <RemoveDialog
          type="menuCategory.remove"
          payload={{ categoryId: removed.id }}
          name={removed.name}
          text={t('menu.remove.category')}
          onClose={() => setRemoved(null)}
        />
      )}
    </>
  )
}
