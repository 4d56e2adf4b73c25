import { Checkbox, Code, Group, Spoiler, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type CashSessionMovement, cashOf, type SaleFinalize } from '../../../contract.ts'
import { quantity, usd, useFormats } from '../../../ui/format.ts'
import { useReason } from '../../../ui/reasons.ts'
import { inBoth, Moved } from '../../components/money.tsx'
import { useDeviceName, usePersonName } from '../../components/names.tsx'
import { Tag } from '../../components/tag.tsx'
import { useWords } from '../../components/use-words.ts'
import { useWhole } from '../../live/use-reading.ts'
import { menuItemsQuery } from '../menu/documents.ts'
import type { Refusal } from './desk.tsx'

/** One that was refused: what, by whom, where and why, its lines and its money, or how it was dealt with. */
export function RefusedItem(props: {
  refusal: Refusal
  isChosen: boolean
  isBusy: boolean
  onToggle: () => void
}) {
  const { refusal, isChosen, isBusy, onToggle } = props
  const { t } = useTranslation('admin')
  const word = useWords()
  const reason = useReason()
  const { dayAndTime } = useFormats()
  const personName = usePersonName()
  const deviceName = useDeviceName()
  const { type, code, message, cash, totalUsd, occurredAt, actorId, deviceId, deviceSeq, settled } = refusal
  const who = [dayAndTime(occurredAt), personName(actorId), deviceName(deviceId)].join(' · ')
  return (
    <Group
      justify="space-between"
      wrap="nowrap"
      align="flex-start"
      data-testid="refused-item"
      data-code={code}
      data-settled={settled}
      data-id={refusal.clientOpId}
    >
      <Checkbox
        checked={isChosen}
        disabled={settled || isBusy}
        onChange={onToggle}
        label={
          <Stack gap={2}>
            <Group gap="xs">
              <Text span fw={650}>
                {word('type', type)}
                {totalUsd > 0 && ` ${usd(totalUsd)}`}
              </Text>
              <Tag color={settled ? 'gray' : 'red'} h="auto" styles={{ label: { whiteSpace: 'normal' } }}>
                {settled
                  ? t(`closings.outcome.${refusal.outcome as 'BOOKED'}`, {
                      name: personName(refusal.settledBy),
                    })
                  : word('code', code)}
              </Tag>
            </Group>
            <Text size="sm">
              {who}
              {deviceSeq != null && ` · ${t('rejected.number', { number: deviceSeq })}`}
            </Text>
            {settled && refusal.reason ? (
              <Text size="sm">{refusal.reason}</Text>
            ) : (
              <Text size="sm" c="dimmed">
                {reason({ code, message })}
              </Text>
            )}
            <Content of={refusal} />
          </Stack>
        }
      />
      <div style={{ textAlign: 'right', flex: 'none' }}>
        <Moved of={cash} />
      </div>
    </Group>
  )
}

function Content({ of: { type, payload } }: { of: Refusal }) {
  const { t } = useTranslation('admin')
  if (type === 'sale.finalize' && payload) return <SoldLines of={payload as unknown as SaleFinalize} />
  if (type !== 'cashSession.movement' || !payload) return null
  const { kind, reason } = payload as unknown as CashSessionMovement
  return (
    <Text size="sm">
      {t(`cash.kind.${kind}`)}: {reason}
    </Text>
  )
}

/** What was sold by the names of now, and what was paid. */
function SoldLines({ of: { lines, tender } }: { of: SaleFinalize }) {
  const { t } = useTranslation('admin')
  const items = useWhole(menuItemsQuery, {}, (data) => data.menu.items, { modules: ['MENU'] })
  const nameOf = (id: string) => items.data?.nodes.find((item) => item.id === id)?.name
  const { received, change } = cashOf(tender)
  return (
    <Spoiler maxHeight={72} showLabel={t('shell.loadMore')} hideLabel={t('shell.close')}>
      <Text size="sm">
        {lines.map(({ menuItemId, quantity: count, modifierOptionIds }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what was sent does not change
          <span key={index}>
            {index > 0 && ', '}
            {quantity(count)} × {nameOf(menuItemId) ?? <Code>{menuItemId}</Code>}
            {modifierOptionIds.length > 0 && ` (${modifierOptionIds.join(', ')})`}
          </span>
        ))}
      </Text>
      <Text size="sm">
        {t('sales.received')}: {inBoth(received)} · {t('sales.change')}: {inBoth(change)}
      </Text>
    </Spoiler>
  )
}
