import { TextInput, type TextInputProps } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { deviceRename } from '../../../contract.ts'
import { AskButton } from '../../components/ask-button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import type { Device } from '../../lib/device-health.ts'
import { formValues } from '../../lib/form-values.ts'
import { useMay } from '../../live/console.ts'
import { useIntentForm } from '../../live/use-intent-form.ts'

/** What people call it: tills, slips and the console say so from then on. */
export function RenameDevice({ device }: { device: Pick<Device, 'deviceId' | 'name'> }) {
  const { t } = useTranslation('admin')
  if (!useMay('devices.rename')) return null
  return (
    <div>
      <AskButton
        variant="default"
        leftSection={<IconPencil size={20} />}
        asks={(close) => <NewName device={device} onClose={close} />}
        data-testid="rename-device"
      >
        {t(device.name ? 'devices.name.change' : 'devices.name.give')}
      </AskButton>
    </div>
  )
}

function NewName({ device, onClose }: { device: Pick<Device, 'deviceId' | 'name'>; onClose: () => void }) {
  const { t } = useTranslation('admin')
  const { form, answer } = useIntentForm('device.rename', {
    draft: { name: device.name ?? '' },
    from: ({ name }) => formValues(deviceRename, { deviceId: device.deviceId, name: name.trim() || null }),
    done: () => t('devices.name.done'),
    onDone: onClose,
  })
  return (
    <Dialog title={t('devices.name.title')} onClose={onClose} of={answer}>
      <DeviceNameField {...form.getInputProps('name')} />
    </Dialog>
  )
}

export function DeviceNameField(props: TextInputProps) {
  const { t } = useTranslation('admin')
  return (
    <TextInput
      label={t('devices.name.label')}
      description={t('devices.name.hint')}
      maxLength={60}
      data-testid="device-name"
      data-autofocus
      {...props}
    />
  )
}
