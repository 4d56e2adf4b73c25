import { Button, Group } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usd } from '../../../ui/format.ts'
import { RowTable } from '../../components/row-table.tsx'
import { type MenuItem, type ModifierGroup, optionsOf, usersOf } from '../../lib/menu.ts'
import { useMay } from '../../live/console.ts'
import { GroupForm } from './group-form.tsx'
import { RemoveDialog } from './remove-dialog.tsx'
import { RowButtons } from './row-buttons.tsx'

export function Groups({ groups, items }: { groups: readonly ModifierGroup[]; items: readonly MenuItem[] }) {
  const { t } = useTranslation('admin')
  const mayEdit = useMay('menu.edit')
  const [edited, setEdited] = useState<ModifierGroup | 'new' | null>(null)
  const [removed, setRemoved] = useState<ModifierGroup | null>(null)
  const users = usersOf(items)
  return (
    <>
      {mayEdit && (
        <Group justify="flex-end" mb="md">
          <Button
            leftSection={<IconPlus size={20} />}
            onClick={() => setEdited('new')}
            data-testid="add-group"
          >
            {t('menu.group.new')}
          </Button>
        </Group>
      )}
      <RowTable
        label={t('menu.tabs.groups')}
        rows={groups}
        keyOf={({ id }) => id}
        marks={({ id }) => ({ 'data-testid': 'group-row', 'data-id': id })}
        columns={[
          { name: t('menu.form.name'), look: { fw: 550 }, cell: ({ name }) => name },
          {
            name: t('menu.group.choice'),
            cell: ({ minSelections: min, maxSelections: max }) => t('menu.group.range', { min, max }),
          },
          {
            name: t('menu.group.options'),
            cell: (group) =>
              optionsOf(group)
                .map(({ name, priceUsd }) => (priceUsd === 0 ? name : `${name} (${usd(priceUsd)})`))
                .join(', '),
          },
          {
            name: t('menu.group.usedBy'),
            from: 'md',
            look: { style: { whiteSpace: 'nowrap' } },
            cell: ({ id }) => t('menu.group.usedByItems', { count: users.get(id) ?? 0 }),
          },
          mayEdit && {
            name: t('shell.edit'),
            isHidden: true,
            cell: (group) => (
              <RowButtons
                of={group.name}
                edit={t('menu.group.edit', { name: group.name })}
                onEdit={() => setEdited(group)}
                onRemove={() => setRemoved(group)}
              />
            ),
          },
        ]}
      />
      {edited && (
        <GroupForm group={edited === 'new' ? null : edited} items={items} onClose={() => setEdited(null)} />
      )}
      {removed && (
        <RemoveDialog
          type="modifierGroup.remove"
          payload={{ modifierGroupId: removed.id }}
          name={removed.name}
          text={t('menu.remove.group')}
          onClose={() => setRemoved(null)}
        />
      )}
    </>
  )
}
