import { Alert } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Permission } from '../../contract.ts'
import { useConsole, useMay } from '../live/console.ts'
import { useWords } from './use-words.ts'

/** Says why what is below cannot be changed by this person; nothing where it can. */
export function OnlyAdmin({ permission }: { permission: Permission }) {
  const { t } = useTranslation('admin')
  const word = useWords()
  const { me } = useConsole()
  if (useMay(permission)) return null
  return (
    <Alert color="gray" icon={<IconLock />} mb="md" data-testid="only-admin">
      {t('shell.adminOnly', { role: word('role', me.role) })}
    </Alert>
  )
}
