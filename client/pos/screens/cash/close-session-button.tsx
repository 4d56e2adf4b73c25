import { ActionIcon, Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconLock } from '@tabler/icons-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { useOpenSession } from '../../hooks/use-cafe.ts'
import { CloseSessionDialog } from './close-session-dialog.tsx'

/** Not there while no session is open. */
export const CloseSessionButton = memo(function CloseSessionButton(props: { isCompact?: boolean }) {
  const { isCompact = false } = props
  const { t } = useTranslation('pos')
  const session = useOpenSession()
  const [isOpen, dialog] = useDisclosure(false)
  if (!session) return null
  const label = t('cash.close.button')
  const common = { 'data-testid': 'close-session', variant: 'default', onClick: dialog.open } as const
  return (
    <>
      {isCompact ? (
        <ActionIcon {...common} aria-label={label} title={label}>
          <IconLock size={20} />
        </ActionIcon>
      ) : (
        <Button {...common} leftSection={<IconLock size={20} aria-hidden />}>
          {label}
        </Button>
      )}
      <CloseSessionDialog session={session} opened={isOpen} onClose={dialog.close} />
    </>
  )
})
