import { Button } from '@mantine/core'
import { IconMoodSad } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { CrashGuard } from '../../ui/crash-guard.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

/** A fault in one screen, or a file of it that a new version has replaced, leaves the rest as it is. */
export const ScreenBoundary = ({ children }: { children: ReactNode }) => (
  <CrashGuard crashed={<Crashed />}>{children}</CrashGuard>
)

function Crashed() {
  const { t } = useTranslation(['admin', 'ui'])
  return (
    <EmptyState icon={IconMoodSad} title={t('shell.crashed.title')} text={t('shell.crashed.text')}>
      <Button onClick={() => location.reload()}>{t('ui:action.reload')}</Button>
    </EmptyState>
  )
}
