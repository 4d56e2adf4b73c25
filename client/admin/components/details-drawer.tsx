import { Drawer } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** More about one row, beside the list. */
export function DetailsDrawer(props: { title: ReactNode; onClose: () => void; children: ReactNode }) {
  const { title, onClose, children } = props
  const { t } = useTranslation('admin')
  return (
    <Drawer
      opened
      onClose={onClose}
      title={title}
      styles={{ title: { fontWeight: 650, fontSize: 'var(--mantine-font-size-lg)' } }}
      position="right"
      size="lg"
      closeButtonProps={{ 'aria-label': t('shell.close') }}
    >
      {children}
    </Drawer>
  )
}
