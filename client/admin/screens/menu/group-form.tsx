import { Alert, Button, Fieldset, Stack, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newId } from 'uuid'
import { Dialog } from '../../components/dialog.tsx'
import rows from '../../components/field-row.module.css'
import { groupDraft, groupFrom, lowestOf, newOption } from '../../lib/group-draft.ts'
import type { MenuItem, ModifierGroup } from '../../lib/menu.ts'
import { useIntentForm } from '../../live/use-intent-form.ts'
import { OptionFields } from './option-fields.tsx'

/** Null: a new group. */
export function GroupForm(props: {
  group: ModifierGroup | null
  items: readonly MenuItem[]
  onClose: () => void
}) {
  const { group, items, onClose } = props
  const { t } = useTranslation('admin')
  const { form, intent, values, answer } = useIntentForm('modifierGroup.save', {
    draft: useState(() => groupDraft(group, newId))[0],
    from: groupFrom,
    words: () => ({
      minSelections: t('menu.group.minMax'),
      maxSelections: t('menu.group.minMax'),
      priceUsd: t('shell.notAmount'),
    }),
    done: ({ name }) => t('menu.group.saved', { name: name.trim() }),
    onDone: onClose,
  })
  const { options } = form.values
  form.watch('minSelections', () => form.validateField('maxSelections'))
  // Its lines would cost nothing, whatever is chosen beside.
  const free = items.filter(
    (item) =>
      values &&
      item.priceUsd + lowestOf(values) < 0 &&
      item.modifierGroupIds.includes(values.modifierGroupId),
  )

  return (
    <Dialog
      title={group ? t('menu.group.edit', { name: group.name }) : t('menu.group.new')}
      onClose={onClose}
      of={answer}
      size="lg"
    >
      <TextInput label={t('menu.form.name')} {...form.getInputProps('name')} maxLength={100} data-autofocus />
      <div className={rows.row}>
        <TextInput label={t('menu.group.min')} {...form.getInputProps('minSelections')} inputMode="numeric" />
        <TextInput label={t('menu.group.max')} {...form.getInputProps('maxSelections')} inputMode="numeric" />
      </div>
      {free.length > 0 && (
        <Alert color="yellow" data-testid="below-nothing">
          {t('menu.group.belowNothing', { names: free.map(({ name }) => name).join(', ') })}
        </Alert>
      )}
      <Fieldset legend={t('menu.group.options')} radius="md">
        <Stack gap="sm">
          {options.map(({ id }, index) => (
            <OptionFields key={id} form={form} index={index} disabled={intent.isOpen} />
          ))}
          <Button
            variant="default"
            leftSection={<IconPlus size={18} />}
            onClick={() => form.insertListItem('options', newOption(newId()))}
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
