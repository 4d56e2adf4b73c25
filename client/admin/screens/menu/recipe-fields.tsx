import { ActionIcon, Fieldset, Group, Select, Stack, Switch, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ComponentDraft } from '../../lib/item-draft.ts'
import { parseWhole } from '../../lib/money.ts'
import { useConsole } from '../../live/console.ts'
import { useWhole } from '../../live/use-reading.ts'
import { stockQuery } from '../stock/documents.ts'

/** What one of an item takes from stock, chosen from what the first branch counts. */
export function RecipeFields(props: {
  recipe: readonly ComponentDraft[]
  onChange: (recipe: ComponentDraft[]) => void
  isTried: boolean
  disabled: boolean
}) {
  const { recipe, onChange, isTried, disabled } = props
  const { t } = useTranslation('admin')
  const { branches } = useConsole()
  const branchId = branches[0]?.branchId ?? ''
  const stock = useWhole(stockQuery, { branchId }, (data) => data.stock, { modules: ['INVENTORY'], branchId })
  const known = stock.data?.nodes ?? []
  const unused = known.filter(({ id }) => recipe.every(({ stockItemId }) => stockItemId !== id))
  const change = (index: number, part: Partial<ComponentDraft>) =>
    onChange(recipe.map((each, at) => (at === index ? { ...each, ...part } : each)))

  return (
    <Fieldset legend={t('menu.form.recipe')} radius="md">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t('menu.form.recipeHint')}
        </Text>
        {recipe.map((component, index) => (
          <Group key={component.stockItemId} gap="sm" align="flex-start">
            <Text flex="1 1 10rem" mt={10}>
              {component.name}
            </Text>
            <TextInput
              aria-label={`${t('menu.form.recipeQuantity')}: ${component.name}`}
              value={component.quantity}
              onChange={(event) => change(index, { quantity: event.currentTarget.value })}
              inputMode="numeric"
              rightSection={<Text size="sm">{component.unit}</Text>}
              rightSectionWidth={56}
              w="8rem"
              error={isTried && parseWhole(component.quantity) === null && t('shell.notNumber')}
              disabled={disabled}
            />
            <Switch
              size="md"
              mt={10}
              label={t('menu.form.recipeTracked')}
              aria-label={`${t('menu.form.recipeTracked')}: ${component.name}`}
              checked={component.tracking === 'TRACKED'}
              onChange={(event) =>
                change(index, { tracking: event.currentTarget.checked ? 'TRACKED' : 'NOT_TRACKED' })
              }
              disabled={disabled}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('menu.form.recipeRemove', { name: component.name })}
              onClick={() => onChange(recipe.filter((_, at) => at !== index))}
              disabled={disabled}
            >
              <IconTrash size={18} />
            </ActionIcon>
          </Group>
        ))}
        {unused.length > 0 && (
          <Select
            aria-label={t('menu.form.recipeAdd')}
            placeholder={t('menu.form.recipeAdd')}
            leftSection={<IconPlus size={18} aria-hidden />}
            data={unused.map(({ id, name }) => ({ value: id, label: name }))}
            value={null}
            searchable
            onChange={(id) => {
              const item = known.find((each) => each.id === id)
              if (!item) return
              const { name, unit } = item
              onChange([...recipe, { stockItemId: item.id, name, unit, quantity: '1', tracking: 'TRACKED' }])
            }}
            disabled={disabled}
          />
        )}
      </Stack>
    </Fieldset>
  )
}
