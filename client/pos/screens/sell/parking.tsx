import { ActionIcon, Button, Group, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconClockPause, IconStack2 } from '@tabler/icons-react'
import { memo, type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usd, useFormats } from '../../../ui/format.ts'
import { announce } from '../../announce.ts'
import { Dialog } from '../../components/dialog.tsx'
import { useCartSteps } from '../../hooks/cart.tsx'
import { useNameOf } from '../../hooks/use-context.ts'
import { countOf } from '../../lib/cart.ts'
import { maxParked, type ParkedCart } from '../../lib/parked.ts'
import classes from './cart.module.css'

/** Put the cart aside for the next customer, and take one back. */
export const Parking = memo(function Parking(props: { isEmpty: boolean; parked: readonly ParkedCart[] }) {
  const { isEmpty, parked } = props
  const { t } = useTranslation('pos')
  const [isNaming, naming] = useDisclosure(false)
  const [isChoosing, choosing] = useDisclosure(false)
  return (
    <>
      {parked.length > 0 && (
        <Button
          variant="light"
          px="xs"
          leftSection={<IconStack2 size={20} aria-hidden />}
          aria-label={t('sell.park.show', { count: parked.length })}
          data-testid="parked-carts"
          onClick={choosing.open}
        >
          {parked.length}
        </Button>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('sell.park.button')}
        data-testid="park"
        disabled={isEmpty || parked.length >= maxParked}
        onClick={naming.open}
      >
        <IconClockPause />
      </ActionIcon>
      <Dialog opened={isNaming} onClose={naming.close} title={t('sell.park.title')}>
        <Name onDone={naming.close} />
      </Dialog>
      <Dialog opened={isChoosing} onClose={choosing.close} title={t('sell.park.list')}>
        <Stack gap="xs">
          {!isEmpty && <Text c="dimmed">{t('sell.park.swap')}</Text>}
          {parked.map((each) => (
            <Row key={each.cart.saleId} parked={each} onDone={choosing.close} />
          ))}
        </Stack>
      </Dialog>
    </>
  )
})

function Name({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('pos')
  const { park } = useCartSteps()
  const [name, setName] = useState('')
  function submit(event: SubmitEvent) {
    event.preventDefault()
    park(name)
    announce(t('sell.park.done'))
    onDone()
  }
  return (
    <Stack component="form" onSubmit={submit}>
      <TextInput
        data-autofocus
        label={t('sell.park.name')}
        maxLength={40}
        data-testid="park-name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" size="lg" data-testid="park-confirm">
        {t('sell.park.confirm')}
      </Button>
    </Stack>
  )
}

function Row({ parked, onDone }: { parked: ParkedCart; onDone: () => void }) {
  const { t } = useTranslation('pos')
  const { unpark } = useCartSteps()
  const nameOf = useNameOf()
  const { time } = useFormats()
  const { cart, name, actorId, parkedAt } = parked
  const total = cart.lines.reduce((sum, { unitUsd, quantity }) => sum + unitUsd * quantity, 0)
  return (
    <UnstyledButton
      className={classes.parked}
      data-testid="parked-cart"
      onClick={() => {
        unpark(parked)
        onDone()
      }}
    >
      <Group justify="space-between" wrap="nowrap">
        <Text fw={650} style={{ overflowWrap: 'anywhere' }}>
          {name || t('sell.cart.count', { count: countOf(cart) })}
        </Text>
        <Text className={classes.amount}>{usd(total)}</Text>
      </Group>
      <Text size="sm" c="dimmed">
        {cart.lines.map((line) => `${line.quantity} × ${line.name}`).join(', ')}
      </Text>
      <Text size="sm" c="dimmed">
        {t('sell.park.by', { name: nameOf(actorId), time: time(parkedAt) })}
      </Text>
    </UnstyledButton>
  )
}
