import { ActionIcon, Menu } from '@mantine/core'
import { IconArchive, IconArrowBackUp, IconDots, IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IntentNotice } from '../../components/intent-notice.tsx'
import type { MenuItem } from '../../lib/menu.ts'
import { useIntent } from '../../live/use-intent.ts'
import { RemoveDialog } from './remove-dialog.tsx'

/** What else can be done with an item. */
export function ItemMenu({ item, onEdit }: { item: MenuItem; onEdit: () => void }) {
  const { t } = useTranslation('admin')
  const [isRemoving, setRemoving] = useState(false)
  const { id: menuItemId, name, archived } = item
  const archive = useIntent('menuItem.save', {
    done: t(archived ? 'menu.unarchiveDone' : 'menu.archiveDone', { item: name }),
  })
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('menu.actions', { item: name })}
            loading={archive.state.is === 'sending'}
            data-testid="item-menu"
          >
            <IconDots size={20} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={18} />} onClick={onEdit} data-testid="edit-item">
            {t('shell.edit')}
          </Menu.Item>
          <Menu.Item
            leftSection={archived ? <IconArrowBackUp size={18} /> : <IconArchive size={18} />}
            onClick={() => archive.send({ menuItemId, archived: !archived })}
            disabled={archive.isOpen}
            data-testid="archive-item"
          >
            {t(archived ? 'menu.unarchive' : 'menu.archive')}
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={18} />}
            onClick={() => setRemoving(true)}
            data-testid="remove-item"
          >
            {t('shell.remove')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <IntentNotice of={archive} />
      {isRemoving && (
        <RemoveDialog
          type="menuItem.remove"
          payload={{ menuItemId }}
          name={name}
          text={t('menu.remove.item')}
          onClose={() => setRemoving(false)}
        />
      )}
    </>
  )
}
