import { ActionIcon, Group, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { MoneyField } from '../../components/money-field.tsx'
import type { GroupDraft } from '../../lib/group-draft.ts'
import type { Form } from '../../live/use-intent-form.ts'

/** The last one stays, as a group has one at least. */
export function OptionFields(props: { form: Form<GroupDraft>; index: number; disabled: boolean }) {
  const { form, index, disabled } = props
  const { name } = form.values.options[index]!
  const { t } = useTranslation('admin')
  return (
    <Group gap="sm" align="flex-start" wrap="nowrap">
      <TextInput
        aria-label={t('menu.group.option')}
        placeholder={t('menu.group.option')}
        {...form.getInputProps(`options.${index}.name`)}
        maxLength={100}
        flex={1}
      />
      <MoneyField
        currency="USD"
        aria-label={`${t('menu.group.optionPrice')}: ${name}`}
        {...form.getInputProps(`options.${index}.priceUsd`)}
        w="8rem"
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('menu.group.removeOption', { name })}
        onClick={() => form.removeListItem('options', index)}
        disabled={disabled || form.values.options.length === 1}
      >
        <IconTrash size={18} />
      </ActionIcon>
    </Group>
  )
}
