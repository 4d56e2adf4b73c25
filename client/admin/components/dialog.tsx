import { Button, Group, Modal, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { UseIntent } from '../live/use-intent.ts'
import { IntentNotice } from './intent-notice.tsx'

/**
 * A question, or a form, whose answer is one intent. It stays until that is decided, so that nobody loses what they
 * typed, and says what became of it.
 */
export function Dialog<Input>(props: {
  title: string
  onClose: () => void
  /** The intent, and what sends it. */
  of: { readonly intent: UseIntent<Input>; readonly submit: () => void }
  /** What the button says; left out: that it saves. */
  confirm?: string
  isDanger?: boolean
  children: ReactNode
  size?: string
}) {
  const { title, onClose, of, confirm, isDanger = false, children, size } = props
  const { intent, submit } = of
  const { t } = useTranslation(['admin', 'ui'])
  const isSending = intent.state.is === 'sending'
  const close = () => {
    if (isSending) return
    intent.dismiss()
    onClose()
  }
  return (
    <Modal
      opened
      onClose={close}
      title={title}
      styles={{ title: { fontWeight: 650, fontSize: 'var(--mantine-font-size-lg)', lineHeight: 1.4 } }}
      size={size}
      closeButtonProps={{ 'aria-label': t('shell.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
        noValidate
      >
        <Stack gap="md">
          {children}
          <IntentNotice of={intent} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={close} disabled={isSending}>
              {t('ui:action.cancel')}
            </Button>
            <Button
              type="submit"
              color={isDanger ? 'red' : undefined}
              loading={isSending}
              disabled={intent.isOpen}
              data-testid="confirm"
            >
              {confirm ?? t('ui:action.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
