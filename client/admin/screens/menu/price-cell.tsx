import { ActionIcon, Button, Group, Stack } from '@mantine/core'
import { IconCheck, IconPencil, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usd } from '../../../ui/format.ts'
import { IntentNotice } from '../../components/intent-notice.tsx'
import { MoneyField } from '../../components/money-field.tsx'
import { priceFrom } from '../../lib/item-draft.ts'
import type { MenuItem } from '../../lib/menu.ts'
import { typedUsd } from '../../lib/money.ts'
import { useIntent } from '../../live/use-intent.ts'

/** The price, corrected where it stands: Enter saves, Escape leaves it as it was. */
export function PriceCell({ item }: { item: MenuItem }) {
  const { t } = useTranslation('admin')
  const [text, setText] = useState<string | null>(null)
  if (text !== null) return <NewPrice item={item} text={text} setText={setText} />
  const price = usd(item.priceUsd)
  return (
    <Button
      variant="subtle"
      color="gray"
      rightSection={<IconPencil size={16} aria-hidden />}
      onClick={() => setText(typedUsd(item.priceUsd))}
      aria-label={t('menu.priceOf', { item: item.name, price })}
      style={{ fontVariantNumeric: 'tabular-nums' }}
      data-testid="price"
    >
      {price}
    </Button>
  )
}

function NewPrice(props: { item: MenuItem; text: string; setText: (text: string | null) => void }) {
  const { item, text, setText } = props
  const { t } = useTranslation('admin')
  const price = priceFrom(text)
  const leave = () => setText(null)
  const intent = useIntent('menuItem.save', {
    done: t('menu.priceSaved', { item: item.name, price: usd(price ?? 0) }),
    onDone: leave,
  })

  function save(): void {
    if (price === null) return
    if (price === item.priceUsd) leave()
    else intent.send({ menuItemId: item.id, priceUsd: price })
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !intent.isOpen) leave()
      }}
    >
      <Stack gap="xs" align="flex-end">
        <Group gap={4} wrap="nowrap" align="flex-start">
          <MoneyField
            currency="USD"
            aria-label={t('menu.newPrice', { item: item.name })}
            value={text}
            onChange={setText}
            error={price === null && t('shell.notAmount')}
            disabled={intent.isOpen}
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
            disabled={price === null || intent.isOpen}
            data-testid="price-save"
          >
            <IconCheck size={20} />
          </ActionIcon>
          <ActionIcon
            variant="default"
            aria-label={t('menu.keepPrice')}
            onClick={leave}
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
