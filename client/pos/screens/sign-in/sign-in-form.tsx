import { Button, Card, Stack, TextInput } from '@mantine/core'
import { type RefObject, type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePeople, useSyncClient } from '../../../react/index.ts'
import { KeyPad } from '../../components/key-pad.tsx'
import { Problem } from '../../components/problem.tsx'
import { useHasCartColumn, useHasRoomForKeys, useIsTouch } from '../../hooks/use-layout.ts'
import { asksForCode, knownPerson, missingIn } from '../../lib/sign-in.ts'
import classes from './sign-in.module.css'
import { useSignIn } from './use-sign-in.ts'

/** Staff code and PIN; the café only where it is another one. */
export function SignInForm(props: {
  tenantId: string
  onTenantId: (tenantId: string) => void
  staffCode: string
  onStaffCode: (staffCode: string) => void
  pinInput: RefObject<HTMLInputElement | null>
}) {
  const { tenantId, onTenantId, staffCode, onStaffCode, pinInput } = props
  const { t } = useTranslation('pos')
  const isTouch = useIsTouch()
  const isWide = useHasCartColumn()
  const hasKeys = useHasRoomForKeys('little')
  const [pin, setPin] = useState('')
  const [enrolmentCode, setEnrolmentCode] = useState<string | null>(null)
  const [isTenantAsked, setTenantShown] = useState(false)
  const [wasTried, setTried] = useState(false)
  const { signIn, isBusy, problem, forgetProblem } = useSignIn()
  const isCodeAsked = enrolmentCode !== null || asksForCode(problem?.code)
  const isTenantShown = isTenantAsked || (wasTried && tenantId.trim() === '')
  const person = knownPerson(usePeople(tenantId), { tenantId, staffCode })
  const missing = missingIn({ tenantId, staffCode, pin })
  const errorOf = (field: typeof missing) =>
    wasTried && missing === field && field ? t(`signIn.missing.${field}`) : undefined

  function typePin(text: string) {
    forgetProblem()
    setPin(text)
  }
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    setTried(true)
    if (missing) return
    await signIn({ tenantId, staffCode, pin, ...(enrolmentCode ? { enrolmentCode } : {}) })
    setPin('')
    setTried(false)
    pinInput.current?.focus()
  }

  return (
    <Card
      component="form"
      withBorder
      padding={isWide ? 'lg' : 'md'}
      className={classes.form}
      onSubmit={submit}
      noValidate
    >
      <Stack gap="sm">
        {isTenantShown && <TenantInput value={tenantId} error={errorOf('tenant')} onChange={onTenantId} />}
        <TextInput
          label={t('signIn.staffCode')}
          value={staffCode}
          error={errorOf('staff')}
          autoCapitalize="none"
          autoCorrect="off"
          autoComplete="username"
          enterKeyHint="next"
          data-testid="sign-in-staff"
          onChange={(event) => onStaffCode(event.currentTarget.value)}
        />
        <TextInput
          ref={pinInput}
          label={person ? t('signIn.pinOf', { name: person.name }) : t('signIn.pin')}
          type="password"
          inputMode={isTouch && hasKeys ? 'none' : 'numeric'}
          autoComplete="off"
          enterKeyHint="go"
          value={pin}
          error={errorOf('pin')}
          data-testid="sign-in-pin"
          onChange={(event) => typePin(event.currentTarget.value)}
        />
        {isCodeAsked && <CodeField value={enrolmentCode ?? ''} onChange={setEnrolmentCode} />}
        {problem && (
          <Problem of={problem}>{problem.code === 'OFFLINE' && t('signIn.offlineUnknown')}</Problem>
        )}
        {hasKeys && <KeyPad kind="PIN" value={pin} onChange={typePin} />}
        <Button type="submit" size="lg" loading={isBusy} data-testid="sign-in-submit">
          {t(person ? 'signIn.takeOver' : 'signIn.submit')}
        </Button>
        {!isTenantShown && (
          <Button variant="subtle" color="gray" onClick={() => setTenantShown(true)}>
            {t('signIn.otherTenant')}
          </Button>
        )}
      </Stack>
    </Card>
  )
}

function TenantInput(props: {
  value: string
  error: string | undefined
  onChange: (tenantId: string) => void
}) {
  const { value, error, onChange } = props
  const { t } = useTranslation('pos')
  return (
    <TextInput
      label={t('signIn.tenant')}
      description={t('signIn.tenantHelp')}
      value={value}
      error={error}
      autoCapitalize="none"
      autoCorrect="off"
      data-testid="sign-in-tenant"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

/** Where this device is to be let in, and a manager has made a code for it. */
function CodeField({ value, onChange }: { value: string; onChange: (code: string) => void }) {
  const { t } = useTranslation('pos')
  const { deviceId } = useSyncClient()
  return (
    <TextInput
      label={t('signIn.enrolment.label')}
      description={t('signIn.enrolment.hint', { id: deviceId.slice(-8) })}
      value={value}
      autoCapitalize="characters"
      autoCorrect="off"
      autoComplete="off"
      maxLength={40}
      data-testid="enrolment-code"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
