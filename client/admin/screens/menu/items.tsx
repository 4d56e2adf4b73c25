import { Button, Group, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import { IconBook2, IconPlus, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { RowTable } from '../../components/row-table.tsx'
import { byCategory, found, type MenuCategory, type MenuItem, type ModifierGroup } from '../../lib/menu.ts'
import { useMay } from '../../live/console.ts'
import { ItemForm } from './item-form.tsx'
import { ItemRow } from './item-row.tsx'

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
              columns={[
                { name: t('menu.item') },
                { name: t('menu.modifiers'), from: 'md' },
                { name: t('menu.branches'), from: 'lg' },
                { name: t('menu.price'), isNumber: true },
                ...(mayEdit ? [{ name: t('shell.edit'), isHidden: true }] : []),
              ]}
            >
              {own.map((item) => (
                <ItemRow
                  key={item.id}
                  item={item}
                  groups={groups}
                  onEdit={mayEdit ? () => setEdited(item) : null}
                />
              ))}
            </RowTable>
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
