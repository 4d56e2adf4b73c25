import { Button, Group, Text } from '@mantine/core'
import { IconArrowLeft, IconCoffee } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { usePeople, useSyncStatus } from '../../../react/index.ts'
import type { Person } from '../../../sdk/index.ts'
import { ColorSchemeSwitch } from '../../../ui/color-scheme-switch.tsx'
import { LanguageSwitch } from '../../../ui/language-switch.tsx'
import { useWelcome } from '../../../ui/welcome.ts'
import { Heading, useScreenTitle } from '../../components/screen.tsx'
import { keptTenant } from '../../lib/kept.ts'
import { StatusButton } from '../../shell/status-button.tsx'
import { KnownPeople } from './known-people.tsx'
import classes from './sign-in.module.css'
import { SignInForm } from './sign-in-form.tsx'

const demoTenant = 'demo'

/** Somebody comes in, or takes over from whoever is there (then there is a way back). */
export function SignInScreen() {
  const { t } = useTranslation('pos')
  const [, navigate] = useLocation()
  const isTakingOver = useSyncStatus(({ context }) => context !== null)
  const welcome = useWelcome()
  const [typedTenant, setTenantId] = useState(keptTenant)
  // A gateway that shows the demo café begins with it; any other asks.
  const tenantId = typedTenant ?? (welcome?.demo ? demoTenant : '')
  const [staffCode, setStaffCode] = useState('')
  const people = usePeople(tenantId)
  const pinInput = useRef<HTMLInputElement>(null)
  useScreenTitle(t('signIn.title'))

  function choose(person: Person) {
    setStaffCode(person.staffCode)
    pinInput.current?.focus()
  }

  return (
    <main className={classes.page}>
      <header className={classes.top}>
        <span className={classes.brand}>
          <IconCoffee aria-hidden />
          {t('title')}
        </span>
        <StatusButton />
        <Group gap="xs" wrap="nowrap">
          <LanguageSwitch />
          <ColorSchemeSwitch />
        </Group>
      </header>
      <div className={classes.middle}>
        <section className={classes.who}>
          <Heading>{t('signIn.title')}</Heading>
          <Text c="dimmed">{t(people.length > 0 ? 'signIn.choose' : 'signIn.first')}</Text>
          <KnownPeople people={people} chosen={staffCode} onChoose={choose} />
          {welcome?.demo && tenantId === demoTenant && people.length === 0 && (
            <Text className={classes.demo}>{t('signIn.demo')}</Text>
          )}
          {isTakingOver && (
            <Button
              variant="default"
              leftSection={<IconArrowLeft size={20} aria-hidden />}
              onClick={() => navigate('/')}
            >
              {t('signIn.back')}
            </Button>
          )}
        </section>
        <SignInForm
          tenantId={tenantId}
          onTenantId={setTenantId}
          staffCode={staffCode}
          onStaffCode={setStaffCode}
          pinInput={pinInput}
        />
      </div>
    </main>
  )
}
