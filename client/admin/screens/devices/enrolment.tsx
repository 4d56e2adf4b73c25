import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconDeviceTabletPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deviceApprove, deviceInvite, inviteMs } from '../../../contract.ts'
import { useFormats } from '../../../ui/format.ts'
import { AskButton } from '../../components/ask-button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { usePersonName } from '../../components/names.tsx'
import { Ago } from '../../components/time.tsx'
import type { EnrolmentQuery } from '../../generated/graphql.ts'
import { newEnrolmentCode, spelled } from '../../lib/enrolment-code.ts'
import { formValues } from '../../lib/form-values.ts'
import { shownId } from '../../lib/shown-id.ts'
import { useMay } from '../../live/console.ts'
import { useIntentForm } from '../../live/use-intent-form.ts'
import { useReading } from '../../live/use-reading.ts'
import { useRightTime } from '../../live/use-right-now.ts'
import { DeviceAccess } from './device-access.tsx'
import { enrolmentQuery } from './documents.ts'
import { DeviceNameField } from './rename-device.tsx'

const askEveryMs = 5_000

/** Where each device is let in: those that wait, and a code for the next one. */
export function Enrolment() {
  const { t } = useTranslation('admin')
  const mayEnrol = useMay('devices.enrol')
  const enrolment = useReading(enrolmentQuery, {}, { modules: [], everyMs: askEveryMs })
  if (!mayEnrol || enrolment.data?.tenant.deviceEnrolment !== 'APPROVED') return null
  const requests = enrolment.data.deviceRequests
  return (
    <Paper withBorder radius="lg" p="lg" mb="md" component="section" data-testid="enrolment">
      <Group justify="space-between" mb={requests.length > 0 ? 'md' : 0}>
        <div>
          <Title order={2} size="h4">
            {t('devices.enrolment.title')}
          </Title>
          <Text c="dimmed" size="sm">
            {t(requests.length > 0 ? 'devices.enrolment.waiting' : 'devices.enrolment.none')}
          </Text>
        </div>
        <AskButton
          leftSection={<IconDeviceTabletPlus size={20} />}
          asks={(close) => <Invite onClose={close} />}
          data-testid="invite-device"
        >
          {t('devices.enrolment.invite')}
        </AskButton>
      </Group>
      <Stack>
        {requests.map((request) => (
          <Waiting key={request.deviceId} of={request} />
        ))}
      </Stack>
    </Paper>
  )
}

function Waiting({ of }: { of: EnrolmentQuery['deviceRequests'][number] }) {
  const { t } = useTranslation('admin')
  const personName = usePersonName()
  const { deviceId, accountId, askedAt } = of
  return (
    <Group justify="space-between" data-testid="device-request" data-device={deviceId}>
      <div>
        <Text fw={650}>…{shownId(deviceId).slice(-8)}</Text>
        <Text size="sm" c="dimmed">
          {personName(accountId)}, <Ago of={askedAt} span />
        </Text>
      </div>
      <Group gap="xs">
        <AskButton
          asks={(close) => <Approve deviceId={deviceId} onClose={close} />}
          data-testid="approve-device"
        >
          {t('devices.enrolment.approve')}
        </AskButton>
        <DeviceAccess device={{ deviceId, shutOutAt: null }} />
      </Group>
    </Group>
  )
}

/** Nobody has to name it now. */
const named = ({ name }: { name: string }) => (name.trim() ? { name: name.trim() } : {})

function Approve({ deviceId, onClose }: { deviceId: string; onClose: () => void }) {
  const { t } = useTranslation('admin')
  const { form, answer } = useIntentForm('device.approve', {
    draft: { name: '' },
    from: (typed) => formValues(deviceApprove, { deviceId, ...named(typed) }),
    done: () => t('devices.enrolment.approved'),
    onDone: onClose,
  })
  return (
    <Dialog
      title={t('devices.enrolment.approveTitle')}
      onClose={onClose}
      of={answer}
      confirm={t('devices.enrolment.approve')}
    >
      <Text>{t('devices.enrolment.approveText', { id: shownId(deviceId).slice(-8) })}</Text>
      <DeviceNameField {...form.getInputProps('name')} />
    </Dialog>
  )
}

/** Shown once, when the gateway has it: nobody can read it afterwards. */
function Invite({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('admin')
  const { time } = useFormats()
  const [enrolmentCode] = useState(() => newEnrolmentCode())
  const [until, setUntil] = useState<string | null>(null)
  const rightTime = useRightTime()
  const { form, intent, submit } = useIntentForm('device.invite', {
    draft: { name: '' },
    from: (typed) => formValues(deviceInvite, { enrolmentCode, ...named(typed) }),
    done: () => t('devices.enrolment.invited'),
    onDone: () => setUntil(new Date(rightTime(Date.now()) + inviteMs).toISOString()),
  })
  return (
    <Dialog
      title={t('devices.enrolment.invite')}
      onClose={onClose}
      of={{ intent, submit: until ? onClose : submit }}
      confirm={t(until ? 'shell.close' : 'devices.enrolment.make')}
    >
      {until ? (
        <>
          <Text
            fw={700}
            ta="center"
            ff="monospace"
            style={{ fontSize: '2rem', letterSpacing: '0.1em' }}
            data-testid="enrolment-code"
          >
            {spelled(enrolmentCode)}
          </Text>
          <Text>{t('devices.enrolment.codeText', { time: time(until) })}</Text>
        </>
      ) : (
        <>
          <Text>{t('devices.enrolment.inviteText')}</Text>
          <DeviceNameField {...form.getInputProps('name')} />
        </>
      )}
    </Dialog>
  )
}
