import { Button, TextInput } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deviceRename } from '../../../contract.ts'
import { Dialog } from '../../components/dialog.tsx'
import type { Device } from '../../lib/device-health.ts'
import { formValues } from '../../lib/form-values.ts'
import { useMay } from '../../live/console.ts'
import { useIntentForm } from '../../live/use-intent-form.ts'

/** What people call it: tills, slips and the console say so from then on. */
export function RenameDevice({ device }: { device: Pick<Device, 'deviceId' | 'name'> }) {
  const { t } = useTranslation('admin')
  const [isOpen, setOpen] = useState(false)
  if (!useMay('devices.rename')) return null
  return (
    <div>
      <Button
        variant="default"
        leftSection={<IconPencil size={20} />}
        onClick={() => setOpen(true)}
        data-testid="rename-device"
      >
        {t(device.name ? 'devices.name.change' : 'devices.name.give')}
      </Button>
      {isOpen && <NewName device={device} onClose={() => setOpen(false)} />}
    </div>
  )
}

function NewName({ device, onClose }: { device: Pick<Device, 'deviceId' | 'name'>; onClose: () => void }) {
  const { t } = useTranslation(['admin', 'ui'])
  const { form, intent, submit } = useIntentForm('device.rename', {
    draft: { name: device.name ?? '' },
    from: ({ name }) => formValues(deviceRename, { deviceId: device.deviceId, name: name.trim() || null }),
    done: () => t('devices.name.done'),
    onDone: onClose,
  })
  return (
    <Dialog
      title={t('devices.name.title')}
      onClose={onClose}
      intent={intent}
      onConfirm={submit}
      confirm={t('ui:action.save')}
    >
      <TextInput
        label={t('devices.name.label')}
        description={t('devices.name.hint')}
        {...form.getInputProps('name')}
        maxLength={60}
        data-testid="device-name"
        data-autofocus
      />
    </Dialog>
  )
}
