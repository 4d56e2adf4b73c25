import { Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Money } from '../../../contract.ts'
import { khr, usd } from '../../../ui/format.ts'
import type { Drawer } from '../../lib/drawer.ts'
import classes from './cash.module.css'
import { signed } from './counted-against.tsx'

export function DrawerTable({ drawer }: { drawer: Drawer }) {
  const { t } = useTranslation('pos')
  const { opening, sales, paidIn, paidOut, adjustments, expected } = drawer
  return (
    <Table className={classes.amounts}>
      <Table.Thead>
        <Table.Tr>
          <Table.Td />
          <Table.Th ta="right">{t('cash.usd')}</Table.Th>
          <Table.Th ta="right">{t('cash.khr')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        <Row label={t('cash.opening')} of={opening} />
        <Row label={t('cash.sales')} of={sales} isSigned />
        <Row label={t('cash.paidIn')} of={paidIn} isSigned />
        <Row label={t('cash.paidOut')} of={paidOut} isSigned />
        <Row label={t('cash.adjustments')} of={adjustments} isSigned />
      </Table.Tbody>
      <Table.Tfoot>
        <Row label={t('cash.expected')} of={expected} isTotal />
      </Table.Tfoot>
    </Table>
  )
}

function Row(props: { label: string; of: Money; isSigned?: boolean; isTotal?: boolean }) {
  const { label, of, isSigned = false, isTotal = false } = props
  const write = (amount: number, currency: (amount: number) => string) =>
    isSigned ? signed(amount, currency) : currency(amount)
  return (
    <Table.Tr fw={isTotal ? 700 : undefined}>
      <Table.Th scope="row" fw={isTotal ? 700 : 400}>
        {label}
      </Table.Th>
      <Table.Td ta="right" data-testid={isTotal ? 'expected-usd' : undefined}>
        {write(of.usd, usd)}
      </Table.Td>
      <Table.Td ta="right" data-testid={isTotal ? 'expected-khr' : undefined}>
        {write(of.khr, khr)}
      </Table.Td>
    </Table.Tr>
  )
}
