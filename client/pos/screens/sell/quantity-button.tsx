import { Button, NumberInput, Stack } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../components/dialog.tsx'
import { useCartSteps } from '../../hooks/cart.tsx'
import { type CartLine, maxQuantity } from '../../lib/cart.ts'
import classes from './cart.module.css'

/** How many there are; a tap types another number. */
export function QuantityButton({ line, label }: { line: CartLine; label: string }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className={`mantine-focus-auto ${classes.quantity}`}
        aria-label={label}
        data-testid="quantity"
        onClick={() => setOpen(true)}
      >
        {line.quantity}
      </button>
      {isOpen && <HowMany line={line} onClose={() => setOpen(false)} />}
    </>
  )
}

function HowMany({ line, onClose }: { line: CartLine; onClose: () => void }) {
  const { t } = useTranslation('pos')
  const { setQuantity } = useCartSteps()
  const [typed, setTyped] = useState<string | number>(line.quantity)
  const quantity = Number(typed)
  const isRight = Number.isInteger(quantity) && quantity >= 1 && quantity <= maxQuantity
  function submit(event: SubmitEvent) {
    event.preventDefault()
    if (!isRight) return
    setQuantity(line.id, quantity)
    onClose()
  }
  return (
    <Dialog opened onClose={onClose} title={t('sell.cart.howMany', { name: line.name })}>
      <Stack component="form" onSubmit={submit}>
        <NumberInput
          data-autofocus
          size="lg"
          label={t('sell.cart.quantity')}
          data-testid="quantity-input"
          inputMode="numeric"
          hideControls
          allowDecimal={false}
          allowNegative={false}
          min={1}
          max={maxQuantity}
          value={typed}
          onChange={setTyped}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button type="submit" size="lg" data-testid="confirm" disabled={!isRight}>
          {t('sell.options.done')}
        </Button>
      </Stack>
    </Dialog>
  )
}
