import { ActionIcon, TextInput } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { branchSave } from '../../../contract.ts'
import { Dialog } from '../../components/dialog.tsx'
import { ZoneField } from '../../components/zone-field.tsx'
import { formValues } from '../../lib/form-values.ts'
import type { Branch } from '../../live/console.ts'
import { useIntentForm } from '../../live/use-intent-form.ts'

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
  const { t } = useTranslation('admin')
  const { form, answer } = useIntentForm('branch.save', {
    draft: { name: branch.name, timeZone: branch.timeZone },
    from: (typed) => formValues(branchSave, typed),
    branchId: branch.branchId,
    done: () => t('overview.edited'),
    onDone: onClose,
  })
  return (
    <Dialog title={t('overview.edit')} onClose={onClose} of={answer}>
      <TextInput
        label={t('overview.branchName')}
        {...form.getInputProps('name')}
        maxLength={100}
        data-autofocus
      />
      <ZoneField
        label={t('overview.timeZone')}
        description={t('overview.timeZoneHint')}
        {...form.getInputProps('timeZone')}
        data-testid="branch-zone"
      />
    </Dialog>
  )
}
