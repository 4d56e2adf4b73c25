import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../components/dialog.tsx'
import type { UseIntent } from '../../live/use-intent.ts'

/** Asks before something goes from the menu. */
export function RemoveDialog<Input>(props: {
  name: string
  text: string
  intent: UseIntent<Input>
  onConfirm: () => void
  onClose: () => void
}) {
  const { name, text, intent, onConfirm, onClose } = props
  const { t } = useTranslation('admin')
  return (
    <Dialog
      title={t('menu.remove.title', { name })}
      onClose={onClose}
      intent={intent}
      onConfirm={onConfirm}
      confirm={t('shell.remove')}
      isDanger
    >
      <Text>{text}</Text>
    </Dialog>
  )
}
