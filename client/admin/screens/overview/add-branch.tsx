import { TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { branchSave } from '../../../contract.ts'
import { AskButton } from '../../components/ask-button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { ZoneField } from '../../components/zone-field.tsx'
import { formValues } from '../../lib/form-values.ts'
import { isSlug, slugOf } from '../../lib/slug.ts'
import { useConsole } from '../../live/console.ts'
import { useIntentForm } from '../../live/use-intent-form.ts'

export function AddBranch() {
  const { t } = useTranslation('admin')
  return (
    <AskButton
      leftSection={<IconPlus size={20} />}
      asks={(close) => <NewBranch onClose={close} />}
      data-testid="add-branch"
    >
      {t('overview.addBranch')}
    </AskButton>
  )
}

/** `branchId`: null, where it follows the name. */
type Typed = { name: string; branchId: string | null; timeZone: string }

function NewBranch({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('admin')
  const { branches, timeZone: usual } = useConsole()
  const idOf = ({ name, branchId }: Typed) => branchId ?? slugOf(name)
  const isTaken = (id: string) => branches.some(({ branchId }) => branchId === id)
  const { form, answer } = useIntentForm('branch.save', {
    draft: { name: '', branchId: null, timeZone: usual } as Typed,
    from: (typed) =>
      formValues(branchSave, typed, [(!isSlug(idOf(typed)) || isTaken(idOf(typed))) && 'branchId']),
    words: (typed) => ({
      branchId: t(isTaken(idOf(typed)) ? 'overview.branchIdTaken' : 'overview.branchIdWrong'),
    }),
    branchId: idOf,
    done: ({ name }) => t('overview.branchAdded', { branch: name.trim() }),
    onDone: onClose,
  })
  return (
    <Dialog title={t('overview.addBranch')} onClose={onClose} of={answer} confirm={t('shell.add')}>
      <TextInput
        label={t('overview.branchName')}
        {...form.getInputProps('name')}
        maxLength={100}
        data-autofocus
      />
      <TextInput
        label={t('overview.branchId')}
        description={t('overview.branchIdHint')}
        {...form.getInputProps('branchId')}
        value={idOf(form.values)}
      />
      <ZoneField
        label={t('overview.timeZone')}
        description={t('overview.timeZoneHint')}
        {...form.getInputProps('timeZone')}
      />
    </Dialog>
  )
}
