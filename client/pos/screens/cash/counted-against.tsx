import { Alert, Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Money } from '../../../contract.ts'
import { khr, usd } from '../../../ui/format.ts'
import { isNothing, minus } from '../../../ui/money.ts'
import classes from './cash.module.css'

/** What was counted beside what should be there, before anybody confirms it. */
export function CountedAgainst({ counted, expected }: { counted: Money; expected: Money }) {
  const { t } = useTranslation('pos')
  const difference = minus(counted, expected)
  const isRight = isNothing(difference)
  const rows = [
    { currency: 'usd', label: t('cash.usd'), write: usd },
    { currency: 'khr', label: t('cash.khr'), write: khr },
  ] as const
  return (
    <div aria-live="polite">
      <Table className={`${classes.amounts} ${classes.against}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            <Table.Th ta="right">{t('cash.close.expected')}</Table.Th>
            <Table.Th ta="right">{t('cash.close.counted')}</Table.Th>
            <Table.Th ta="right">{t('cash.close.difference')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ currency, label, write }) => (
            <Table.Tr key={currency}>
              <Table.Th scope="row">{label}</Table.Th>
              <Table.Td ta="right">{write(expected[currency])}</Table.Td>
              <Table.Td ta="right">{write(counted[currency])}</Table.Td>
              <Table.Td ta="right" fw={700} data-testid={`difference-${currency}`}>
                {signed(difference[currency], write)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Alert color={isRight ? 'green' : 'yellow'} mt="xs">
        {t(isRight ? 'cash.close.exact' : 'cash.close.look')}
      </Alert>
    </div>
  )
}

/** `+$1.00`, `-$1.00`, `$0.00`. */
export const signed = (amount: number, write: (amount: number) => string): string =>
  amount > 0 ? `+${write(amount)}` : write(amount)
