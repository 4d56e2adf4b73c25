import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { OnlinePayloads } from '../../../sdk/index.ts'
import { Dialog } from '../../components/dialog.tsx'
import { useIntent } from '../../live/use-intent.ts'

type Removal = 'menuCategory.remove' | 'modifierGroup.remove' | 'menuItem.remove'

/** Asks before something goes from the menu. */
export function RemoveDialog<Type extends Removal>(props: {
  type: Type
  payload: OnlinePayloads[Type]
  name: string
  text: string
  onClose: () => void
}) {
  const { type, payload, name, text, onClose } = props
  const { t } = useTranslation('admin')
  const intent = useIntent(type, { done: t('menu.remove.done', { name }), onDone: onClose })
  return (
    <Dialog
      title={t('menu.remove.title', { name })}
      onClose={onClose}
      of={{ intent, submit: () => intent.send(payload) }}
      confirm={t('shell.remove')}
      isDanger
    >
      <Text>{text}</Text>
    </Dialog>
  )
}
