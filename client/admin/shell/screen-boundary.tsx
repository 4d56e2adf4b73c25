import { Button } from '@mantine/core'
import { IconMoodSad } from '@tabler/icons-react'
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../ui/empty-state.tsx'

/** A fault in one screen, or a file of it that a new version has replaced, leaves the rest as it is. */
export class ScreenBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false }
  static getDerivedStateFromError() {
    return { hasFailed: true }
  }
  override render() {
    return this.state.hasFailed ? <Crashed /> : this.props.children
  }
}

function Crashed() {
  const { t } = useTranslation(['admin', 'ui'])
  return (
    <EmptyState icon={IconMoodSad} title={t('shell.crashed.title')} text={t('shell.crashed.text')}>
      <Button onClick={() => location.reload()}>{t('ui:action.reload')}</Button>
    </EmptyState>
  )
}
