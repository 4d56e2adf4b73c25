import { createRoot } from 'react-dom/client'
import { createI18n } from '../ui/i18n.ts'
import { UiProvider } from '../ui/provider.tsx'
import { admin } from './locales/index.ts'
import { App } from './shell/app.tsx'

createRoot(document.getElementById('root')!).render(
  <UiProvider i18n={createI18n({ admin })}>
    <App />
  </UiProvider>,
)
