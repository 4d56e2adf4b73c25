import { Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconDeviceTabletPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../../ui/format.ts'
import { Dialog } from '../../components/dialog.tsx'
import { usePersonName } from '../../components/names.tsx'
import { Ago } from '../../components/time.tsx'
import type { EnrolmentQuery } from '../../generated/graphql.ts'
import { newEnrolmentCode, spelled } from '../../lib/enrolment-code.ts'
import { shownId } from '../../lib/shown-id.ts'
import { useMay } from '../../live/console.ts'
import { useIntent } from '../../live/use-intent.ts'
import { useReading } from '../../live/use-reading.ts'
import { useRightTime } from '../../live/use-right-now.ts'
import { DeviceAccess } from './device-access.tsx'
import { enrolmentQuery } from './documents.ts'

const askEveryMs = 5_000

/** Where each device is let in: those that wait, and a code for the next one. */
export function Enrolment() {
  const { t } = useTranslation('admin')
  const mayEnrol = useMay('devices.enrol')
  const enrolment = useReading(enrolmentQuery, {}, { modules: [], everyMs: askEveryMs })
  const [isInviting, setInviting] = useState(false)
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
        <Button
          leftSection={<IconDeviceTabletPlus size={20} />}
          onClick={() => setInviting(true)}
          data-testid="invite-device"
        >
          {t('devices.enrolment.invite')}
        </Button>
      </Group>
      <Stack>
        {requests.map((request) => (
          <Waiting key={request.deviceId} of={request} />
        ))}
      </Stack>
      {isInviting && <Invite onClose={() => setInviting(false)} />}
    </Paper>
  )
}

function Waiting({ of }: { of: EnrolmentQuery['deviceRequests'][number] }) {
  const { t } = useTranslation('admin')
  const personName = usePersonName()
  const [isAsking, setAsking] = useState(false)
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
        <Button onClick={() => setAsking(true)} data-testid="approve-device">
          {t('devices.enrolment.approve')}
        </Button>
        <DeviceAccess device={{ deviceId, shutOutAt: null }} />
      </Group>
      {isAsking && <Approve deviceId={deviceId} onClose={() => setAsking(false)} />}
    </Group>
  )
}

const NameField = (props: { value: string; onChange: (name: string) => void; disabled: boolean }) => {
  const { t } = useTranslation('admin')
  const { value, onChange, disabled } = props
  return (
    <TextInput
      label={t('devices.name.label')}
      description={t('devices.name.hint')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      maxLength={60}
      disabled={disabled}
      data-testid="device-name"
      data-autofocus
    />
  )
}

const named = (name: string) => (name.trim() ? { name: name.trim() } : {})

function Approve({ deviceId, onClose }: { deviceId: string; onClose: () => void }) {
  const { t } = useTranslation('admin')
  const [name, setName] = useState('')
  const intent = useIntent('device.approve', { done: t('devices.enrolment.approved'), onDone: onClose })
  return (
    <Dialog
      title={t('devices.enrolment.approveTitle')}
      onClose={onClose}
      intent={intent}
      onConfirm={() => intent.send({ deviceId, ...named(name) })}
      confirm={t('devices.enrolment.approve')}
    >
      <Text>{t('devices.enrolment.approveText', { id: shownId(deviceId).slice(-8) })}</Text>
      <NameField value={name} onChange={setName} disabled={intent.isOpen} />
    </Dialog>
  )
}

/** Shown once, when the gateway has it: nobody can read it afterwards. */
function Invite({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('admin')
  const { time } = useFormats()
  const [name, setName] = useState('')
  const [enrolmentCode] = useState(() => newEnrolmentCode())
  const [until, setUntil] = useState<string | null>(null)
  const rightTime = useRightTime()
  const intent = useIntent('device.invite', {
    done: t('devices.enrolment.invited'),
    onDone: () => setUntil(new Date(rightTime(Date.now()) + goodForMs).toISOString()),
  })
  return (
    <Dialog
      title={t('devices.enrolment.invite')}
      onClose={onClose}
      intent={intent}
      onConfirm={() => (until ? onClose() : intent.send({ enrolmentCode, ...named(name) }))}
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
          <NameField value={name} onChange={setName} disabled={intent.isOpen} />
        </>
      )}
    </Dialog>
  )
}

/** As the gateway counts: decide.ts of access. */
const goodForMs = 15 * 60_000
