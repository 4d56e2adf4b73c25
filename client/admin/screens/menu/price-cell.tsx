import { ActionIcon, Button, Group, Stack } from '@mantine/core'
import { IconCheck, IconPencil, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { menuItemSave } from '../../../contract.ts'
import { usd } from '../../../ui/format.ts'
import { IntentNotice } from '../../components/intent-notice.tsx'
import { MoneyField } from '../../components/money-field.tsx'
import { formValues } from '../../lib/form-values.ts'
import type { MenuItem } from '../../lib/menu.ts'
import { parseMoney, typedUsd } from '../../lib/money.ts'
import { useIntentForm } from '../../live/use-intent-form.ts'

/** The price, corrected where it stands: Enter saves, Escape leaves it as it was. */
export function PriceCell({ item }: { item: MenuItem }) {
  const { t } = useTranslation('admin')
  const [isOpen, setOpen] = useState(false)
  if (isOpen) return <NewPrice item={item} onLeave={() => setOpen(false)} />
  const price = usd(item.priceUsd)
  return (
    <Button
      variant="subtle"
      color="gray"
      rightSection={<IconPencil size={16} aria-hidden />}
      onClick={() => setOpen(true)}
      aria-label={t('menu.priceOf', { item: item.name, price })}
      style={{ fontVariantNumeric: 'tabular-nums' }}
      data-testid="price"
    >
      {price}
    </Button>
  )
}

function NewPrice({ item, onLeave }: { item: MenuItem; onLeave: () => void }) {
  const { t } = useTranslation('admin')
  const priceOf = ({ priceUsd }: { priceUsd: string }) => parseMoney('USD', priceUsd)
  const { form, intent, values, submit } = useIntentForm('menuItem.save', {
    draft: { priceUsd: typedUsd(item.priceUsd) },
    from: (typed) => formValues(menuItemSave, { menuItemId: item.id, priceUsd: priceOf(typed) }),
    words: () => ({ priceUsd: t('shell.notAmount') }),
    done: (typed) => t('menu.priceSaved', { item: item.name, price: usd(priceOf(typed) ?? 0) }),
    onDone: onLeave,
  })

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (values?.priceUsd === item.priceUsd) onLeave()
        else submit()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !intent.isOpen) onLeave()
      }}
    >
      <Stack gap="xs" align="flex-end">
        <Group gap={4} wrap="nowrap" align="flex-start">
          <MoneyField
            currency="USD"
            aria-label={t('menu.newPrice', { item: item.name })}
            {...form.getInputProps('priceUsd')}
            w="8rem"
            ta="left"
            autoFocus
            onFocus={(event) => event.currentTarget.select()}
            data-testid="price-input"
          />
          <ActionIcon
            type="submit"
            aria-label={t('menu.savePrice')}
            loading={intent.state.is === 'sending'}
            disabled={values === null || intent.isOpen}
            data-testid="price-save"
          >
            <IconCheck size={20} />
          </ActionIcon>
          <ActionIcon
            variant="default"
            aria-label={t('menu.keepPrice')}
            onClick={onLeave}
            disabled={intent.isOpen}
          >
            <IconX size={20} />
          </ActionIcon>
        </Group>
        <IntentNotice of={intent} />
      </Stack>
    </form>
  )
}
