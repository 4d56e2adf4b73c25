import { Button, Center } from '@mantine/core'
import { IconMoodSad } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../components/empty-state.tsx'

/** A fault of ours on a screen: what was recorded is in the store, and a reload begins anew from there. */
export function Crashed() {
  const { t } = useTranslation(['pos', 'ui'])
  return (
    <Center component="main" mih="100dvh">
      <EmptyState isScreen icon={IconMoodSad} title={t('shell.crashed.title')} text={t('shell.crashed.text')}>
        <Button onClick={() => location.assign('/pos/')}>{t('ui:action.reload')}</Button>
      </EmptyState>
    </Center>
  )
}
