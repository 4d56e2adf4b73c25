import { Paper, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PolicyValues } from '../../../contract.ts'
import { khr, usd } from '../../../ui/format.ts'
import { basketUsd, type Example, exampleOf } from '../../lib/policy.ts'

type Row = { name: 'subtotal' | 'vat' | 'total' | 'totalKhr' | 'change'; of: (example: Example) => string }
const rows: readonly Row[] = [
  { name: 'subtotal', of: ({ subtotalUsd }) => usd(subtotalUsd) },
  { name: 'vat', of: ({ vatUsd }) => usd(vatUsd) },
  { name: 'total', of: ({ totalUsd }) => usd(totalUsd) },
  { name: 'totalKhr', of: ({ totalKhr }) => khr(totalKhr) },
  { name: 'change', of: ({ change }) => `${usd(change.usd)} + ${khr(change.khr)}` },
]

/** The till's own arithmetic, on one basket: as it is, and as it would be. */
export function PolicyExample({ now, changed }: { now: PolicyValues | null; changed: PolicyValues | null }) {
  const { t } = useTranslation('admin')
  if (!now) return null
  const before = exampleOf(now)
  const after = changed && exampleOf(changed)
  const isSame = after !== null && rows.every(({ of }) => of(before) === of(after))
  return (
    <Paper
      withBorder
      radius="lg"
      p="lg"
      component="section"
      aria-labelledby="policy-example"
      style={{ alignSelf: 'start' }}
    >
      <Title order={2} size="h4" id="policy-example" mb="xs">
        {t('policy.example.title')}
      </Title>
      <Text c="dimmed" mb="md">
        {t('policy.example.basket', { amount: usd(basketUsd), note: usd((after ?? before).received) })}
      </Text>
      <Table verticalSpacing="sm" data-testid="policy-example" style={{ fontVariantNumeric: 'tabular-nums' }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            <Table.Th ta="right">{t('policy.example.now')}</Table.Th>
            {after && <Table.Th ta="right">{t('policy.example.changed')}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ name, of }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={name === 'total' ? 650 : 400}>
                {t(`policy.example.${name}`)}
              </Table.Th>
              <Table.Td ta="right">{of(before)}</Table.Td>
              {after && (
                <Table.Td
                  ta="right"
                  fw={of(before) === of(after) ? 400 : 650}
                  c={of(before) === of(after) ? undefined : 'var(--mantine-color-anchor)'}
                >
                  {of(after)}
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {isSame && (
        <Text c="dimmed" size="sm" mt="sm">
          {t('policy.example.same')}
        </Text>
      )}
    </Paper>
  )
}
