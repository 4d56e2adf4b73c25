import { Group, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { usd } from '../../../ui/format.ts'
import { useBranchName } from '../../components/names.tsx'
import { Tag } from '../../components/tag.tsx'
import type { MenuItem, ModifierGroup } from '../../lib/menu.ts'
import { ItemMenu } from './item-menu.tsx'
import { PriceCell } from './price-cell.tsx'

/** `onEdit`: null where the person may not. */
export function ItemRow(props: {
  item: MenuItem
  groups: readonly ModifierGroup[]
  onEdit: (() => void) | null
}) {
  const { item, groups, onEdit } = props
  const { t } = useTranslation('admin')
  const branchName = useBranchName()
  const groupNames = item.modifierGroupIds.map((id) => groups.find((group) => group.id === id)?.name ?? id)
  return (
    <Table.Tr data-testid="menu-item-row" data-id={item.id} data-archived={item.archived || undefined}>
      <Table.Td>
        <Group gap="xs">
          <Text inherit fw={550} c={item.archived ? 'dimmed' : undefined}>
            {item.name}
          </Text>
          {item.archived && <Tag color="gray">{t('menu.archived')}</Tag>}
        </Group>
        <Text size="sm" c="dimmed">
          {t('menu.revision', { revision: item.revision })}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="md">{groupNames.join(', ') || <Text c="dimmed">–</Text>}</Table.Td>
      <Table.Td visibleFrom="lg">
        {item.visibleIn
          ? item.visibleIn.map((branchId) => branchName(branchId)).join(', ')
          : t('menu.form.everywhere')}
      </Table.Td>
      <Table.Td ta="right">
        {onEdit ? <PriceCell item={item} /> : <span data-testid="price">{usd(item.priceUsd)}</span>}
      </Table.Td>
      {onEdit && (
        <Table.Td ta="right" w={60}>
          <ItemMenu item={item} onEdit={onEdit} />
        </Table.Td>
      )}
    </Table.Tr>
  )
}
