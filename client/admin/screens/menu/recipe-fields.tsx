import { ActionIcon, Fieldset, Group, Select, Stack, Switch, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ItemDraft } from '../../lib/item-draft.ts'
import { useConsole } from '../../live/console.ts'
import type { Form } from '../../live/use-intent-form.ts'
import { useWhole } from '../../live/use-reading.ts'
import { stockQuery } from '../stock/documents.ts'

/** What one of an item takes from stock, chosen from what the first branch counts. */
export function RecipeFields({ form, disabled }: { form: Form<ItemDraft>; disabled: boolean }) {
  const { recipe } = form.values
  const { t } = useTranslation('admin')
  const { branches } = useConsole()
  const branchId = branches[0]?.branchId ?? ''
  const stock = useWhole(stockQuery, { branchId }, (data) => data.stock, { modules: ['INVENTORY'] })
  const known = stock.data?.nodes ?? []
  const unused = known.filter(({ id }) => recipe.every(({ stockItemId }) => stockItemId !== id))

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
              {...form.getInputProps(`recipe.${index}.quantity`)}
              inputMode="numeric"
              rightSection={<Text size="sm">{component.unit}</Text>}
              rightSectionWidth={56}
              w="8rem"
            />
            <Switch
              size="md"
              mt={10}
              label={t('menu.form.recipeTracked')}
              aria-label={`${t('menu.form.recipeTracked')}: ${component.name}`}
              checked={component.tracking === 'TRACKED'}
              onChange={(event) =>
                form.setFieldValue(
                  `recipe.${index}.tracking`,
                  event.currentTarget.checked ? 'TRACKED' : 'NOT_TRACKED',
                )
              }
              disabled={disabled}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('menu.form.recipeRemove', { name: component.name })}
              onClick={() => form.removeListItem('recipe', index)}
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
              form.insertListItem('recipe', {
                stockItemId: item.id,
                name,
                unit,
                quantity: '1',
                tracking: 'TRACKED',
              })
            }}
            disabled={disabled}
          />
        )}
      </Stack>
    </Fieldset>
  )
}
