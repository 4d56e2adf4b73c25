import { Button, Group, Text, UnstyledButton } from '@mantine/core'
import { type KeyboardEvent, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { usd } from '../../../ui/format.ts'
import { useCartSteps } from '../../hooks/cart.tsx'
import type { CartLine } from '../../lib/cart.ts'
import type { Group as ModifierGroup } from '../../lib/menu.ts'
import { canToggle, isSingle, type Selection, toggle } from '../../lib/selection.ts'
import classes from './menu.module.css'

/**
 * The choices for the line that was added or tapped last. It is in the cart already and always fits, so nobody has to
 * answer: the next tap on the menu goes on. Somebody at a keyboard is taken here, and back when done.
 */
export function OptionsPanel({ line }: { line: CartLine }) {
  const { t } = useTranslation('pos')
  const { menu, setOptions, takeInHand, split } = useCartSteps()
  const panel = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    const [here, before] = [panel.current, document.activeElement as HTMLElement | null]
    // Who searches goes on searching.
    if (before?.matches('button:focus-visible')) here?.querySelector<HTMLElement>('fieldset button')?.focus()
    return () => {
      if (here?.querySelector(':focus-visible')) before?.focus()
    }
  }, [])

  const item = menu.item(line.menuItemId)
  if (!item) return null
  const done = () => takeInHand(null)
  const onKeyDown = ({ key }: KeyboardEvent) => key === 'Escape' && done()
  const title = t('sell.options.title', { name: item.name })
  return (
    <section ref={panel} className={classes.options} aria-label={title} onKeyDown={onKeyDown}>
      <Group justify="space-between" mb="xs" gap="xs">
        <Text fw={650}>
          {item.name} · {usd(line.unitUsd)}
        </Text>
        <Group gap="xs" wrap="nowrap" style={{ flexShrink: 0 }}>
          {line.quantity > 1 && (
            <Button variant="default" data-testid="split-line" onClick={() => split(line.id)}>
              {t('sell.options.split')}
            </Button>
          )}
          <Button variant="light" data-testid="options-done" onClick={done}>
            {t('sell.options.done')}
          </Button>
        </Group>
      </Group>
      <div className={classes.groups}>
        {menu.groupsOf(item).map((group) => (
          <Choices
            key={group.id}
            group={group}
            selection={line.optionIds}
            onToggle={(optionId) => setOptions(line.id, item, toggle(group, line.optionIds, optionId))}
          />
        ))}
      </div>
    </section>
  )
}

function Choices(props: {
  group: ModifierGroup
  selection: Selection
  onToggle: (optionId: string) => void
}) {
  const { group, selection, onToggle } = props
  const { t } = useTranslation('pos')
  return (
    <fieldset className={classes.group}>
      <legend>
        {group.name}{' '}
        <Text span size="sm" c="dimmed">
          {rangeOf(group, t)}
        </Text>
      </legend>
      <div className={classes.choices}>
        {group.options.map(({ id, name, priceUsd }) => (
          <UnstyledButton
            key={id}
            className={classes.choice}
            aria-pressed={selection.includes(id)}
            aria-disabled={!selection.includes(id) && !canToggle(group, selection, id)}
            data-testid="modifier-option"
            data-id={id}
            onClick={() => onToggle(id)}
          >
            {name}
            {priceUsd !== 0 && (
              <small>
                {priceUsd > 0 && '+'}
                {usd(priceUsd)}
              </small>
            )}
          </UnstyledButton>
        ))}
      </div>
    </fieldset>
  )
}

function rangeOf(group: ModifierGroup, t: ReturnType<typeof useTranslation<'pos'>>['t']): string {
  const { minSelections: min, maxSelections: max } = group
  if (isSingle(group)) return t(min === 0 ? 'sell.options.optional' : 'sell.options.one')
  return min === 0 ? t('sell.options.upTo', { max }) : t('sell.options.between', { min, max })
}
