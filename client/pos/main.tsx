import { Container, Group, Title } from '@mantine/core'
import { createRoot } from 'react-dom/client'
import { useTranslation } from 'react-i18next'
import { ColorSchemeSwitch } from '../ui/color-scheme-switch.tsx'
import { createI18n } from '../ui/i18n.ts'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { UiProvider } from '../ui/provider.tsx'
import { pos } from './locales/index.ts'
import { registerServiceWorker } from './new-version.ts'

function App() {
  const { t } = useTranslation('pos')
  return (
    <Container py="xl">
      <Group justify="space-between">
        <Title>{t('title')}</Title>
        <Group>
          <LanguageSwitch />
          <ColorSchemeSwitch />
        </Group>
      </Group>
    </Container>
  )
}

createRoot(document.getElementById('root')!).render(
  <UiProvider i18n={createI18n({ pos })}>
    <App />
  </UiProvider>,
)

void registerServiceWorker()
