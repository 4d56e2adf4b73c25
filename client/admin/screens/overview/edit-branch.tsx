import { ActionIcon, TextInput } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../components/dialog.tsx'
import { ZoneField } from '../../components/zone-field.tsx'
import type { Branch } from '../../live/console.ts'
import { useIntent } from '../../live/use-intent.ts'

export function EditBranch({ branch }: { branch: Branch }) {
  const { t } = useTranslation('admin')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        onClick={() => setOpen(true)}
        data-testid="edit-branch"
        aria-label={`${t('overview.edit')}: ${branch.name}`}
      >
        <IconPencil size={18} />
      </ActionIcon>
      {isOpen && <BranchForm branch={branch} onClose={() => setOpen(false)} />}
    </>
  )
}

function BranchForm({ branch, onClose }: { branch: Branch; onClose: () => void }) {
  const { t } = useTranslation(['admin', 'ui'])
  const [name, setName] = useState(branch.name)
  const [timeZone, setTimeZone] = useState(branch.timeZone)
  const intent = useIntent('branch.save', {
    branchId: branch.branchId,
    done: t('overview.edited'),
    onDone: onClose,
  })
  return (
    <Dialog
      title={t('overview.edit')}
      onClose={onClose}
      intent={intent}
      onConfirm={() => name.trim() && intent.send({ name: name.trim(), timeZone })}
      confirm={t('ui:action.save')}
    >
      <TextInput
        label={t('overview.branchName')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={100}
        error={name.trim() === '' && t('shell.required')}
        disabled={intent.isOpen}
        data-autofocus
      />
      <ZoneField
        label={t('overview.timeZone')}
        description={t('overview.timeZoneHint')}
        value={timeZone}
        onChange={setTimeZone}
        disabled={intent.isOpen}
        data-testid="branch-zone"
      />
    </Dialog>
  )
}
