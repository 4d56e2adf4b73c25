import { MultiSelect, PasswordInput, Select, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newId } from 'uuid'
import { type Role, roles } from '../../../contract.ts'
import { Dialog } from '../../components/dialog.tsx'
import rows from '../../components/field-row.module.css'
import { useBranchName } from '../../components/names.tsx'
import { useDraft } from '../../components/use-draft.ts'
import { useWords } from '../../components/use-words.ts'
import { fieldsIn } from '../../lib/intent.ts'
import { type Person, personDraft, personFrom, pinDigitsOf } from '../../lib/staff.ts'
import { useConsole } from '../../live/console.ts'
import { useIntent } from '../../live/use-intent.ts'

/** Null: somebody new. */
export function EditPerson({ person, onClose }: { person: Person | null; onClose: () => void }) {
  const { t } = useTranslation(['admin', 'ui'])
  const word = useWords()
  const branchName = useBranchName()
  const { me, branches, managerPinDigits } = useConsole()
  const [accountId] = useState(() => person?.accountId ?? newId())
  const [draft, change] = useDraft(() => personDraft(person))
  const [isTried, setTried] = useState(false)
  const intent = useIntent('staff.save', {
    done: t('staff.saved', { name: draft.name.trim() }),
    onDone: onClose,
  })
  const result = personFrom(draft, { accountId, isNew: person === null, managerPinDigits })
  const refused = fieldsIn(intent.state)
  const digits = pinDigitsOf(draft.role, { managerPinDigits })
  const wrong = (field: string, text: string) =>
    ((isTried && result.wrong?.has(field)) || refused.has(field)) && text
  /** Those that the person is in and one is not oneself stay as they are. */
  const branchIds = [...new Set([...branches.map(({ branchId }) => branchId), ...draft.branchIds])]
  /** Nobody shuts themselves out by mistake. */
  const isMe = person?.accountId === me.accountId

  function confirm(): void {
    setTried(true)
    if (result.values) intent.send(result.values)
  }

  return (
    <Dialog
      title={person ? t('staff.edit', { name: person.name }) : t('staff.add')}
      onClose={onClose}
      intent={intent}
      onConfirm={confirm}
      confirm={t('ui:action.save')}
    >
      <TextInput
        label={t('staff.name')}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        maxLength={100}
        error={wrong('name', t('shell.required'))}
        disabled={intent.isOpen}
        autoComplete="off"
        data-autofocus
      />
      <div className={rows.row}>
        <TextInput
          label={t('staff.code')}
          value={draft.staffCode}
          onChange={(event) => change({ staffCode: event.currentTarget.value })}
          maxLength={40}
          error={wrong('staffCode', t('shell.required'))}
          disabled={intent.isOpen}
          autoComplete="off"
          autoCapitalize="none"
        />
        <Select
          label={t('staff.role')}
          data={roles.map((role) => ({ value: role, label: word('role', role) }))}
          value={draft.role}
          onChange={(role) => role && change({ role: role as Role })}
          allowDeselect={false}
          disabled={intent.isOpen || isMe}
        />
      </div>
      <p style={{ margin: 0, color: 'var(--mantine-color-dimmed)' }}>{t(`staff.roleHint.${draft.role}`)}</p>
      <MultiSelect
        label={t('staff.branches')}
        data={branchIds.map((branchId) => ({ value: branchId, label: branchName(branchId) }))}
        value={draft.branchIds}
        onChange={(chosen) => change({ branchIds: chosen })}
        disabled={intent.isOpen}
        hidePickedOptions
      />
      <PasswordInput
        label={t('staff.pin')}
        description={`${t('staff.pinHint', digits)}${person ? ` ${t('staff.pinKeep')}` : ''}`}
        value={draft.pin}
        onChange={(event) => change({ pin: event.currentTarget.value })}
        inputMode="numeric"
        autoComplete="new-password"
        error={wrong('pin', t('staff.pinWrong', digits))}
        disabled={intent.isOpen}
      />
      {person && !isMe && (
        <Switch
          size="md"
          label={t('staff.revoked')}
          description={t('staff.revokedHint')}
          checked={draft.isRevoked}
          onChange={(event) => change({ isRevoked: event.currentTarget.checked })}
          disabled={intent.isOpen}
        />
      )}
    </Dialog>
  )
}
