import { Drawer, Modal } from '@mantine/core'
import { createContext, type ReactNode, useContext, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './dialog.module.css'

/** Whether something lies over the dialogs that are open: Escape is for that alone. */
export const Covered = createContext(false)

type DialogProps = { title: string; opened: boolean; onClose: () => void; children: ReactNode }

/** One that is taken away while it is open gives the focus back to where it was; of one that closes the kit does. */
function useFocusBack(opened: boolean): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: as it was when it came
  useEffect(() => {
    const before = opened ? document.activeElement : null
    return () => {
      if (before instanceof HTMLElement && document.activeElement === document.body)
        before.focus({ preventScroll: true })
    }
  }, [])
}

/** A question or a small form over the screen. */
export function Dialog({
  title,
  opened,
  onClose,
  isWide = false,
  isOnTop = false,
  children,
}: DialogProps & { isWide?: boolean; isOnTop?: boolean }) {
  const { t } = useTranslation('ui')
  const isCovered = useContext(Covered) && !isOnTop
  useFocusBack(opened)
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      closeOnEscape={!isCovered}
      zIndex={isOnTop ? 300 : 200}
      centered
      radius="lg"
      size={isWide ? 'lg' : 'md'}
    >
      <Modal.Overlay />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title className={classes.title}>{title}</Modal.Title>
          <Modal.CloseButton size={44} aria-label={t('action.close')} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

/** More about something, beside or below it. */
export function Panel({
  title,
  opened,
  onClose,
  from,
  children,
}: DialogProps & { from: 'right' | 'bottom' }) {
  const { t } = useTranslation('ui')
  const isCovered = useContext(Covered)
  return (
    <Drawer.Root
      opened={opened}
      onClose={onClose}
      closeOnEscape={!isCovered}
      position={from}
      size={from === 'right' ? 'md' : '92%'}
    >
      <Drawer.Overlay />
      <Drawer.Content>
        <div className={classes.head}>
          <Drawer.Title className={classes.title}>{title}</Drawer.Title>
          <Drawer.CloseButton size={44} aria-label={t('action.close')} />
        </div>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  )
}
