import { Button, Group, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import { IconBook2, IconPlus, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { usd } from '../../../ui/format.ts'
import { useBranchName } from '../../components/names.tsx'
import { type Column, RowTable } from '../../components/row-table.tsx'
import { Tag } from '../../components/tag.tsx'
import { byCategory, found, type MenuCategory, type MenuItem, type ModifierGroup } from '../../lib/menu.ts'
import { useMay } from '../../live/console.ts'
import { ItemForm } from './item-form.tsx'
import { ItemMenu } from './item-menu.tsx'
import { PriceCell } from './price-cell.tsx'

export function Items(props: {
  items: readonly MenuItem[]
  categories: readonly MenuCategory[]
  groups: readonly ModifierGroup[]
}) {
  const { items, categories, groups } = props
  const { t } = useTranslation('admin')
  const mayEdit = useMay('menu.edit')
  const [search, setSearch] = useState('')
  const [withArchived, setWithArchived] = useState(false)
  const [edited, setEdited] = useState<MenuItem | 'new' | null>(null)
  const columns = useColumns(groups, mayEdit ? setEdited : null)
  const listed = byCategory(categories, found(items, { search, withArchived }))
  return (
    <>
      <Group mb="md" gap="lg" justify="space-between">
        <Group gap="lg">
          <TextInput
            aria-label={t('menu.search')}
            placeholder={t('menu.search')}
            leftSection={<IconSearch size={18} aria-hidden />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            type="search"
            data-testid="menu-search"
          />
          <Switch
            label={t('menu.showArchived')}
            checked={withArchived}
            onChange={(event) => setWithArchived(event.currentTarget.checked)}
            size="md"
          />
        </Group>
        {mayEdit && categories.length > 0 && (
          <Button
            leftSection={<IconPlus size={20} />}
            onClick={() => setEdited('new')}
            data-testid="add-item"
          >
            {t('menu.form.newItem')}
          </Button>
        )}
      </Group>
      {items.length === 0 ? (
        <EmptyState icon={IconBook2} title={t('menu.none')} text={t('menu.noneText')} />
      ) : (
        listed.length === 0 && <Text c="dimmed">{t('menu.nothing')}</Text>
      )}
      <Stack gap="xl">
        {listed.map(({ category, items: own }) => (
          <section key={category.id}>
            <Title order={2} size="h4" mb="xs">
              {category.name}
            </Title>
            <RowTable
              label={category.name}
              rows={own}
              keyOf={({ id }) => id}
              marks={({ id, archived }) => ({
                'data-testid': 'menu-item-row',
                'data-id': id,
                'data-archived': archived || undefined,
              })}
              columns={columns}
            />
          </section>
        ))}
      </Stack>
      {edited && (
        <ItemForm
          item={edited === 'new' ? null : edited}
          categories={categories}
          groups={groups}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  )
}

/** `onEdit`: null where the person may not. */
function useColumns(
  groups: readonly ModifierGroup[],
  onEdit: ((item: MenuItem) => void) | null,
): (Column<MenuItem> | false)[] {
  const { t } = useTranslation('admin')
  const branchName = useBranchName()
  const groupNames = new Map(groups.map(({ id, name }) => [id, name]))
  return [
    {
      name: t('menu.item'),
      cell: ({ name, archived }) => (
        <Group gap="xs">
          <Text inherit fw={550} c={archived ? 'dimmed' : undefined}>
            {name}
          </Text>
          {archived && <Tag color="gray">{t('menu.archived')}</Tag>}
        </Group>
      ),
      below: ({ revision }) => t('menu.revision', { revision }),
    },
    {
      name: t('menu.modifiers'),
      from: 'md',
      cell: ({ modifierGroupIds }) =>
        modifierGroupIds.map((id) => groupNames.get(id) ?? id).join(', ') || <Text c="dimmed">–</Text>,
    },
    {
      name: t('menu.branches'),
      from: 'lg',
      cell: ({ visibleIn }) =>
        visibleIn ? visibleIn.map((id) => branchName(id)).join(', ') : t('menu.form.everywhere'),
    },
    {
      name: t('menu.price'),
      isNumber: true,
      cell: (item) =>
        onEdit ? <PriceCell item={item} /> : <span data-testid="price">{usd(item.priceUsd)}</span>,
    },
    onEdit !== null && {
      name: t('shell.edit'),
      isHidden: true,
      look: { ta: 'right', w: 60 },
      cell: (item) => <ItemMenu item={item} onEdit={() => onEdit(item)} />,
    },
  ]
}
