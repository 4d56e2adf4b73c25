import { ActionIcon, TextInput } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../components/dialog.tsx'
import type { Branch } from '../../live/console.ts'
import { useIntent } from '../../live/use-intent.ts'

export function RenameBranch({ branch }: { branch: Branch }) {
  const { t } = useTranslation('admin')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        onClick={() => setOpen(true)}
        aria-label={`${t('overview.rename')}: ${branch.name}`}
      >
        <IconPencil size={18} />
      </ActionIcon>
      {isOpen && <NewName branch={branch} onClose={() => setOpen(false)} />}
    </>
  )
}

function NewName({ branch, onClose }: { branch: Branch; onClose: () => void }) {
  const { t } = useTranslation(['admin', 'ui'])
  const [name, setName] = useState(branch.name)
  const intent = useIntent('branch.save', {
    branchId: branch.branchId,
    done: t('overview.renamed'),
    onDone: onClose,
  })
  return (
    <Dialog
      title={t('overview.rename')}
      onClose={onClose}
      intent={intent}
      onConfirm={() => name.trim() && intent.send({ name: name.trim() })}
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
    </Dialog>
  )
}
