import { Alert, Text } from '@mantine/core'
import { IconBan, IconDoorEnter } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { deviceShutOut } from '../../../contract.ts'
import { AskButton } from '../../components/ask-button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { ReasonField } from '../../components/reason-field.tsx'
import { Time } from '../../components/time.tsx'
import type { Device } from '../../lib/device-health.ts'
import { formValues } from '../../lib/form-values.ts'
import { useMay } from '../../live/console.ts'
import { useIntent } from '../../live/use-intent.ts'
import { useIntentForm } from '../../live/use-intent-form.ts'

/** Whether the device is let in, and how that is changed: for one that was lost or stolen. */
export function DeviceAccess({ device }: { device: Pick<Device, 'deviceId' | 'shutOutAt'> }) {
  const { t } = useTranslation('admin')
  const { deviceId, shutOutAt } = device
  const mayChange = useMay('devices.shutOut')
  const Question = shutOutAt ? LetIn : ShutOut
  return (
    <section>
      {shutOutAt && (
        <Alert color="red" icon={<IconBan />} mb="sm" data-testid="device-shut-out">
          {t('devices.access.isShutOut')} <Time of={shutOutAt} />
        </Alert>
      )}
      {mayChange && (
        <AskButton
          variant="default"
          leftSection={shutOutAt ? <IconDoorEnter size={20} /> : <IconBan size={20} />}
          asks={(close) => <Question deviceId={deviceId} onClose={close} />}
          data-testid={shutOutAt ? 'let-in' : 'shut-out'}
        >
          {t(shutOutAt ? 'devices.access.letIn' : 'devices.access.shutOut')}
        </AskButton>
      )}
    </section>
  )
}

function ShutOut({ deviceId, onClose }: { deviceId: string; onClose: () => void }) {
  const { t } = useTranslation('admin')
  const { form, answer } = useIntentForm('device.shutOut', {
    draft: { reason: '' },
    from: (typed) => formValues(deviceShutOut, { ...typed, deviceId }),
    done: () => t('devices.access.shutOutDone'),
    onDone: onClose,
  })
  return (
    <Dialog
      title={t('devices.access.shutOutTitle')}
      onClose={onClose}
      of={answer}
      confirm={t('devices.access.shutOut')}
      isDanger
    >
      <Text>{t('devices.access.shutOutText')}</Text>
      <ReasonField {...form.getInputProps('reason')} maxLength={200} />
    </Dialog>
  )
}

function LetIn({ deviceId, onClose }: { deviceId: string; onClose: () => void }) {
  const { t } = useTranslation('admin')
  const intent = useIntent('device.letIn', { done: t('devices.access.letInDone'), onDone: onClose })
  return (
    <Dialog
      title={t('devices.access.letInTitle')}
      onClose={onClose}
      of={{ intent, submit: () => intent.send({ deviceId }) }}
      confirm={t('devices.access.letIn')}
    >
      <Text>{t('devices.access.letInText')}</Text>
    </Dialog>
  )
}
