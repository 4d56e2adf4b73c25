import {
  Alert,
  Button,
  Center,
  Code,
  Group,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  type TextInputProps,
  Title,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TransportError } from '../../sdk/index.ts'
import { ColorSchemeSwitch } from '../../ui/color-scheme-switch.tsx'
import { LanguageSwitch } from '../../ui/language-switch.tsx'
import { useWelcome } from '../../ui/welcome.ts'
import { signIn } from '../gateway.ts'
import { deviceId, lastTenant, type SignedOut } from '../session.ts'

export function SignIn({ why }: SignedOut) {
  const { t } = useTranslation(['admin', 'ui'])
  const welcome = useWelcome()
  const form = useForm({
    initialValues: { tenantId: lastTenant(), staffCode: '', pin: '', enrolmentCode: '' },
  })
  const tenantId = form.values.tenantId ?? (welcome?.demo ? 'demo' : '')
  const [problem, setProblem] = useState<Error | null>(null)
  const title = t('shell.signIn.title')
  useEffect(() => {
    document.title = title
  }, [title])

  const send = form.onSubmit(async ({ staffCode, pin, enrolmentCode }) => {
    setProblem(null)
    try {
      await signIn({
        ...{ tenantId: tenantId.trim(), staffCode: staffCode.trim(), pin },
        ...(enrolmentCode ? { enrolmentCode } : {}),
      })
    } catch (error) {
      setProblem(error as Error)
      form.setFieldValue('pin', '')
    }
  })

  return (
    <Center mih="100dvh" p="md" component="main">
      <Stack w="100%" maw="26rem" gap="lg">
        <Group justify="space-between">
          <LanguageSwitch />
          <ColorSchemeSwitch />
        </Group>
        <Paper withBorder p="xl" radius="lg">
          <form onSubmit={send}>
            <Stack gap="md">
              <div>
                <Title order={1} size="h3">
                  {title}
                </Title>
                <Text c="dimmed">{t('shell.signIn.intro')}</Text>
              </div>
              {welcome?.tenants === false && (
                <Alert color="blue" icon={<IconInfoCircle />} role="status" data-testid="no-tenant">
                  {t('shell.signIn.noTenant')}
                  <Code block mt="xs">
                    npm run admin -- tenant create
                  </Code>
                </Alert>
              )}
              {why === 'ended' && !problem && (
                <Alert color="blue" icon={<IconInfoCircle />} role="status">
                  {t('shell.signIn.ended')}
                </Alert>
              )}
              <TextInput
                label={t('shell.signIn.tenant')}
                {...form.getInputProps('tenantId')}
                value={tenantId}
                autoCapitalize="none"
                autoComplete="organization"
                required
                withAsterisk={false}
                data-testid="sign-in-tenant"
              />
              <TextInput
                label={t('shell.signIn.staffCode')}
                {...form.getInputProps('staffCode')}
                autoCapitalize="none"
                autoComplete="username"
                autoFocus
                required
                withAsterisk={false}
                data-testid="sign-in-staff"
              />
              <PasswordInput
                label={t('shell.signIn.pin')}
                {...form.getInputProps('pin')}
                inputMode="numeric"
                autoComplete="current-password"
                visibilityToggleButtonProps={{ hidden: true }}
                required
                withAsterisk={false}
                data-testid="sign-in-pin"
              />
              {(form.values.enrolmentCode || (problem && isAboutCode(kindOf(problem)))) && (
                <CodeField {...form.getInputProps('enrolmentCode')} />
              )}
              {problem && (
                <Alert color="red" icon={<IconAlertTriangle />} role="alert" data-testid="sign-in-problem">
                  {t(`shell.signIn.${kindOf(problem)}`)}
                </Alert>
              )}
              <Button type="submit" loading={form.submitting} data-testid="sign-in-submit">
                {t('ui:action.signIn')}
              </Button>
            </Stack>
          </form>
        </Paper>
      </Stack>
    </Center>
  )
}

/** Where this browser is to be let in, and somebody has made a code for it. */
function CodeField(props: TextInputProps) {
  const { t } = useTranslation('admin')
  return (
    <TextInput
      label={t('shell.signIn.code')}
      description={t('shell.signIn.codeHint', { id: deviceId().slice(-8) })}
      autoCapitalize="characters"
      autoComplete="off"
      maxLength={40}
      data-testid="enrolment-code"
      {...props}
    />
  )
}

type Kind = 'wrong' | 'locked' | 'offline' | 'notEnrolled' | 'codeWrong'

const isAboutCode = (kind: Kind) => kind === 'notEnrolled' || kind === 'codeWrong'

function kindOf(problem: Error): Kind {
  if (!(problem instanceof TransportError)) throw problem
  if (problem.code === 'TOO_MANY_ATTEMPTS') return 'locked'
  if (problem.code === 'DEVICE_NOT_ENROLLED') return 'notEnrolled'
  if (problem.code === 'ENROLMENT_CODE_WRONG') return 'codeWrong'
  return problem.kind === 'unreachable' || problem.kind === 'limited' ? 'offline' : 'wrong'
}
