import { Button, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../components/dialog.tsx'
import { ZoneField } from '../../components/zone-field.tsx'
import { isSlug, slugOf } from '../../lib/slug.ts'
import { useConsole } from '../../live/console.ts'
import { useIntent } from '../../live/use-intent.ts'

export function AddBranch() {
  const { t } = useTranslation('admin')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button leftSection={<IconPlus size={20} />} onClick={() => setOpen(true)} data-testid="add-branch">
        {t('overview.addBranch')}
      </Button>
      {isOpen && <NewBranch onClose={() => setOpen(false)} />}
    </>
  )
}

function NewBranch({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('admin')
  const { branches, timeZone: usual } = useConsole()
  const [name, setName] = useState('')
  /** As typed; null: it follows the name. */
  const [typed, setTyped] = useState<string | null>(null)
  const [timeZone, setTimeZone] = useState(usual)
  const [isTried, setTried] = useState(false)
  const branchId = typed ?? slugOf(name)
  const intent = useIntent('branch.save', {
    branchId,
    done: t('overview.branchAdded', { branch: name.trim() }),
    onDone: onClose,
  })
  const nameProblem = name.trim() === '' ? t('shell.required') : null
  const idProblem = !isSlug(branchId)
    ? t('overview.branchIdWrong')
    : branches.some((branch) => branch.branchId === branchId)
      ? t('overview.branchIdTaken')
      : null

  function confirm(): void {
    setTried(true)
    if (!nameProblem && !idProblem) intent.send({ name: name.trim(), timeZone })
  }

  return (
    <Dialog
      title={t('overview.addBranch')}
      onClose={onClose}
      intent={intent}
      onConfirm={confirm}
      confirm={t('shell.add')}
    >
      <TextInput
        label={t('overview.branchName')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={100}
        error={isTried && nameProblem}
        disabled={intent.isOpen}
        data-autofocus
      />
      <TextInput
        label={t('overview.branchId')}
        description={t('overview.branchIdHint')}
        value={branchId}
        onChange={(event) => setTyped(event.currentTarget.value)}
        error={(isTried || typed !== null) && idProblem}
        disabled={intent.isOpen}
      />
      <ZoneField
        label={t('overview.timeZone')}
        description={t('overview.timeZoneHint')}
        value={timeZone}
        onChange={setTimeZone}
        disabled={intent.isOpen}
      />
    </Dialog>
  )
}
