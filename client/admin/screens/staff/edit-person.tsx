import { MultiSelect, PasswordInput, Select, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newId } from 'uuid'
import { type Role, roles } from '../../../contract.ts'
import { Dialog } from '../../components/dialog.tsx'
import rows from '../../components/field-row.module.css'
import { useBranchName } from '../../components/names.tsx'
import { useWords } from '../../components/use-words.ts'
import { type Person, personDraft, personFrom, pinDigitsOf } from '../../lib/staff.ts'
import { useConsole } from '../../live/console.ts'
import { useIntentForm } from '../../live/use-intent-form.ts'

/** Null: somebody new. */
export function EditPerson({ person, onClose }: { person: Person | null; onClose: () => void }) {
  const { t } = useTranslation('admin')
  const word = useWords()
  const branchName = useBranchName()
  const { me, branches, managerPinDigits } = useConsole()
  const [accountId] = useState(() => person?.accountId ?? newId())
  const digitsOf = (role: Role) => pinDigitsOf(role, { managerPinDigits })
  const { form, intent, answer } = useIntentForm('staff.save', {
    draft: personDraft(person),
    from: (typed) => personFrom(typed, { accountId, isNew: person === null, managerPinDigits }),
    words: ({ role }) => ({ pin: t('staff.pinWrong', digitsOf(role)) }),
    // A PIN is too short while it is typed.
    asTyped: false,
    done: ({ name }) => t('staff.saved', { name: name.trim() }),
    onDone: onClose,
  })
  const draft = form.values
  /** Those that the person is in and one is not oneself stay as they are. */
  const branchIds = [...new Set([...branches.map(({ branchId }) => branchId), ...draft.branchIds])]
  /** Nobody shuts themselves out by mistake. */
  const isMe = person?.accountId === me.accountId

  return (
    <Dialog
      title={person ? t('staff.edit', { name: person.name }) : t('staff.add')}
      onClose={onClose}
      of={answer}
    >
      <TextInput
        label={t('staff.name')}
        {...form.getInputProps('name')}
        maxLength={100}
        autoComplete="off"
        data-autofocus
      />
      <div className={rows.row}>
        <TextInput
          label={t('staff.code')}
          {...form.getInputProps('staffCode')}
          maxLength={40}
          autoComplete="off"
          autoCapitalize="none"
        />
        <Select
          label={t('staff.role')}
          data={roles.map((role) => ({ value: role, label: word('role', role) }))}
          {...form.getInputProps('role')}
          allowDeselect={false}
          disabled={intent.isOpen || isMe}
        />
      </div>
      <p style={{ margin: 0, color: 'var(--mantine-color-dimmed)' }}>{t(`staff.roleHint.${draft.role}`)}</p>
      <MultiSelect
        label={t('staff.branches')}
        data={branchIds.map((branchId) => ({ value: branchId, label: branchName(branchId) }))}
        {...form.getInputProps('branchIds')}
        hidePickedOptions
      />
      <PasswordInput
        label={t('staff.pin')}
        description={`${t('staff.pinHint', digitsOf(draft.role))}${person ? ` ${t('staff.pinKeep')}` : ''}`}
        {...form.getInputProps('pin')}
        inputMode="numeric"
        autoComplete="new-password"
      />
      {person && !isMe && (
        <Switch
          size="md"
          label={t('staff.revoked')}
          description={t('staff.revokedHint')}
          {...form.getInputProps('isRevoked', { type: 'checkbox' })}
        />
      )}
    </Dialog>
  )
}
