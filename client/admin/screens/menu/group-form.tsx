import { Alert, Button, Fieldset, Stack, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newId } from 'uuid'
import { Dialog } from '../../components/dialog.tsx'
import rows from '../../components/field-row.module.css'
import { useDraft } from '../../components/use-draft.ts'
import {
  groupDraft,
  groupFrom,
  lowestOf,
  newOption,
  type OptionDraft,
  rangeOf,
} from '../../lib/group-draft.ts'
import type { MenuItem, ModifierGroup } from '../../lib/menu.ts'
import { useIntent } from '../../live/use-intent.ts'
import { OptionFields } from './option-fields.tsx'

/** Null: a new group. */
export function GroupForm(props: {
  group: ModifierGroup | null
  items: readonly MenuItem[]
  onClose: () => void
}) {
  const { group, items, onClose } = props
  const { t } = useTranslation(['admin', 'ui'])
  const [modifierGroupId] = useState(() => group?.id ?? newId())
  const [draft, change] = useDraft(() => groupDraft(group, newId()))
  const [isTried, setTried] = useState(false)
  const intent = useIntent('modifierGroup.save', {
    done: t('menu.group.saved', { name: draft.name.trim() }),
    onDone: onClose,
  })
  const hasRange = rangeOf(draft) !== null
  const input = groupFrom(draft)
  // Its lines would cost nothing, whatever is chosen beside.
  const free = items.filter(
    (item) =>
      input !== null &&
      item.priceUsd + lowestOf(input) < 0 &&
      item.modifierGroupIds.includes(modifierGroupId),
  )
  const changeOption = (id: string, part: Partial<OptionDraft>) =>
    change({ options: draft.options.map((each) => (each.id === id ? { ...each, ...part } : each)) })

  function confirm(): void {
    setTried(true)
    if (input) intent.send({ modifierGroupId, ...input })
  }

  return (
    <Dialog
      title={group ? t('menu.group.edit', { name: group.name }) : t('menu.group.new')}
      onClose={onClose}
      intent={intent}
      onConfirm={confirm}
      confirm={t('ui:action.save')}
      size="lg"
    >
      <TextInput
        label={t('menu.form.name')}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        maxLength={100}
        error={isTried && !draft.name.trim() && t('shell.required')}
        disabled={intent.isOpen}
        data-autofocus
      />
      <div className={rows.row}>
        <TextInput
          label={t('menu.group.min')}
          value={draft.min}
          onChange={(event) => change({ min: event.currentTarget.value })}
          inputMode="numeric"
          disabled={intent.isOpen}
        />
        <TextInput
          label={t('menu.group.max')}
          value={draft.max}
          onChange={(event) => change({ max: event.currentTarget.value })}
          inputMode="numeric"
          error={!hasRange && t('menu.group.minMax')}
          disabled={intent.isOpen}
        />
      </div>
      {free.length > 0 && (
        <Alert color="yellow" data-testid="below-nothing">
          {t('menu.group.belowNothing', { names: free.map(({ name }) => name).join(', ') })}
        </Alert>
      )}
      <Fieldset legend={t('menu.group.options')} radius="md">
        <Stack gap="sm">
          {draft.options.map((option) => (
            <OptionFields
              key={option.id}
              option={option}
              isTried={isTried}
              disabled={intent.isOpen}
              onChange={(part) => changeOption(option.id, part)}
              onRemove={
                draft.options.length > 1
                  ? () => change({ options: draft.options.filter(({ id }) => id !== option.id) })
                  : null
              }
            />
          ))}
          <Button
            variant="default"
            leftSection={<IconPlus size={18} />}
            onClick={() => change({ options: [...draft.options, newOption(newId())] })}
            disabled={intent.isOpen}
            style={{ alignSelf: 'flex-start' }}
          >
            {t('menu.group.addOption')}
          </Button>
        </Stack>
      </Fieldset>
    </Dialog>
  )
}
