import './buttons.css'
import './colors.css'
import './install.ts'
import { createRoot } from 'react-dom/client'
import { createI18n } from '../ui/i18n.ts'
import { UiProvider } from '../ui/provider.tsx'
import { pos } from './locales/index.ts'
import { registerServiceWorker } from './new-version.ts'
import { Till } from './shell/till.tsx'

createRoot(document.getElementById('root')!).render(
  <UiProvider i18n={createI18n({ pos })}>
    <Till />
  </UiProvider>,
)

void registerServiceWorker()
