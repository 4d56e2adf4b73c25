import { Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { quantity, usd } from '../../../ui/format.ts'
import { linesOf, type Sale } from '../../lib/sale.ts'

export function SoldLines({ of: sale }: { of: Sale }) {
  const { t } = useTranslation('admin')
  return (
    <Table aria-label={t('sales.items')}>
      <Table.Tbody>
        {linesOf(sale).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a sale does not change, and one item may be on two lines
          <Table.Tr key={index}>
            <Table.Td>
              {quantity(line.quantity)} × {line.name}
              {line.modifiers.length > 0 && (
                <Text size="sm" c="dimmed">
                  {line.modifiers.map(({ name }) => name).join(', ')}
                </Text>
              )}
            </Table.Td>
            <Table.Td ta="right" style={{ fontVariantNumeric: 'tabular-nums' }}>
              {usd(line.lineUsd)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
