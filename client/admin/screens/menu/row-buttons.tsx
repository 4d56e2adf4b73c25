import { Button, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** What can be done with the row of something on the menu. `edit`: for whoever hears it alone. */
export function RowButtons(props: { of: string; edit: string; onEdit: () => void; onRemove: () => void }) {
  const { of, edit, onEdit, onRemove } = props
  const { t } = useTranslation('admin')
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <Button variant="default" size="sm" onClick={onEdit} aria-label={edit}>
        {t('shell.edit')}
      </Button>
      <Button variant="default" size="sm" onClick={onRemove} aria-label={`${t('shell.remove')}: ${of}`}>
        {t('shell.remove')}
      </Button>
    </Group>
  )
}
