import { ActionIcon, Group, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { MoneyField } from '../../components/money-field.tsx'
import type { OptionDraft } from '../../lib/group-draft.ts'
import { parseMoney } from '../../lib/money.ts'

/** `onRemove`: null for the last one, as a group has one at least. */
export function OptionFields(props: {
  option: OptionDraft
  isTried: boolean
  disabled: boolean
  onChange: (part: Partial<OptionDraft>) => void
  onRemove: (() => void) | null
}) {
  const { option, isTried, disabled, onChange, onRemove } = props
  const { t } = useTranslation('admin')
  return (
    <Group gap="sm" align="flex-start" wrap="nowrap">
      <TextInput
        aria-label={t('menu.group.option')}
        placeholder={t('menu.group.option')}
        value={option.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
        maxLength={100}
        error={isTried && !option.name.trim() && t('shell.required')}
        disabled={disabled}
        flex={1}
      />
      <MoneyField
        currency="USD"
        aria-label={`${t('menu.group.optionPrice')}: ${option.name}`}
        value={option.price}
        onChange={(price) => onChange({ price })}
        error={isTried && parseMoney('USD', option.price) === null && t('shell.notAmount')}
        disabled={disabled}
        w="8rem"
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('menu.group.removeOption', { name: option.name })}
        onClick={() => onRemove?.()}
        disabled={disabled || !onRemove}
      >
        <IconTrash size={18} />
      </ActionIcon>
    </Group>
  )
}
