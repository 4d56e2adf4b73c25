/** What an app is wrapped in: theme, colour scheme, notifications, languages. */
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './fonts.css'
import './page.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import type { i18n } from 'i18next'
import { type ReactNode, StrictMode } from 'react'
import { I18nextProvider } from 'react-i18next'
import * as z from 'zod/mini'
import { cssVariables, theme } from './theme.ts'

// The pages' policy lets no script make another from text, as zod would try for speed.
z.config({ jitless: true })

const colorSchemeManager = localStorageColorSchemeManager({ key: 'modula.color-scheme' })

export function UiProvider({ i18n, children }: { i18n: i18n; children: ReactNode }) {
  return (
    <StrictMode>
      <I18nextProvider i18n={i18n}>
        <MantineProvider
          theme={theme}
          cssVariablesResolver={cssVariables}
          colorSchemeManager={colorSchemeManager}
          defaultColorScheme="auto"
        >
          <Notifications />
          {children}
        </MantineProvider>
      </I18nextProvider>
    </StrictMode>
  )
}
