import { Button, Group, Paper, Stack, Table, Text, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dayAfter, dayOf } from '../../../contract.ts'
import { quantity, usd } from '../../../ui/format.ts'
import { saveFile } from '../../../ui/save-file.ts'
import { DayRange } from '../../components/day-range.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { usePersonName } from '../../components/names.tsx'
import { ScrollRegion } from '../../components/scroll-region.tsx'
import type { SalesReportQuery } from '../../generated/graphql.ts'
import { type Cell, csvOf, plainUsd } from '../../lib/csv.ts'
import { useReading } from '../../live/use-reading.ts'
import { useRightNow } from '../../live/use-right-now.ts'
import { salesReportQuery } from './documents.ts'

type Made = SalesReportQuery['salesReport']
type Part = { title: string; head: string[]; rows: Cell[][]; file: Cell[][] }

/** What was sold in some days of the branch: by day, hour, item and person; as a file, too. */
export function Report({ branchId, timeZone }: { branchId: string; timeZone: string }) {
  const { t } = useTranslation('admin')
  const today = dayOf(new Date(useRightNow(60_000)), timeZone)
  const [range, setRange] = useState<{ from: string; to: string } | null>(null)
  const { from, to } = range ?? { from: today, to: today }
  const report = useReading(salesReportQuery, { branchId, from, to }, { modules: ['SALE'] })
  const last = (days: number) => setRange({ from: dayAfter(today, 1 - days), to: today })
  return (
    <Stack>
      <Group align="flex-end">
        <DayRange
          of="report"
          value={{ from, to }}
          onChange={(days) => days.from && days.to && setRange(days)}
        />
        <Button variant="default" onClick={() => setRange(null)}>
          {t('sales.today')}
        </Button>
        {[7, 30].map((days) => (
          <Button key={days} variant="default" onClick={() => last(days)}>
            {t('sales.report.last', { days })}
          </Button>
        ))}
      </Group>
      <Text size="sm" c="dimmed">
        {t('sales.report.zone', { zone: timeZone })}
      </Text>
      <Loaded of={report}>
        {(data) => <Tables of={data.salesReport} name={`sales-${from}-${to}.csv`} />}
      </Loaded>
    </Stack>
  )
}

function Tables({ of, name }: { of: Made; name: string }) {
  const { t } = useTranslation('admin')
  const parts = usePartsOf(of)
  const save = () => saveFile(name, csvOf(parts.map(({ title, head, file }) => [[title], head, ...file])))
  return (
    <Stack data-testid="report" data-sales={of.sales} data-total={of.totalUsd}>
      <Group justify="space-between">
        <Text fw={650} size="xl">
          {usd(of.totalUsd)} · {t('sales.report.count', { count: of.sales })}
          {of.voided > 0 && ` · ${t('sales.voided')}: ${quantity(of.voided)}`}
        </Text>
        <Button
          variant="default"
          leftSection={<IconDownload size={20} />}
          data-testid="report-csv"
          onClick={save}
        >
          CSV
        </Button>
      </Group>
      {parts.map(({ title, head, rows }) => (
        <Paper key={title} withBorder radius="lg" p="md">
          <Title order={2} size="h4" mb="xs">
            {title}
          </Title>
          <ScrollRegion label={title}>
            <Table aria-label={title} style={{ fontVariantNumeric: 'tabular-nums' }}>
              <Table.Thead>
                <Table.Tr>
                  {head.map((each, i) => (
                    <Table.Th key={each} ta={i === 0 ? undefined : 'right'}>
                      {each}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((row) => (
                  <Table.Tr key={String(row[0])}>
                    {row.map((cell, i) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: a column has no other name
                      <Table.Td key={i} ta={i === 0 ? undefined : 'right'}>
                        {cell}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollRegion>
        </Paper>
      ))}
    </Stack>
  )
}

function usePartsOf(of: Made): Part[] {
  const { t } = useTranslation('admin')
  const personName = usePersonName()
  const [count, total] = [t('sales.count'), t('sales.total')]
  const part = (
    [title, first]: [title: string, first: string],
    of: { name: string; count: number; totalUsd: number }[],
    what: string = count,
  ): Part => ({
    title,
    head: [first, what, total],
    rows: of.map((each) => [each.name, quantity(each.count), usd(each.totalUsd)]),
    file: of.map((each) => [each.name, each.count, plainUsd(each.totalUsd)]),
  })
  const counted = <Row extends { sales: number; totalUsd: number }>(
    rows: readonly Row[],
    name: (of: Row) => string,
  ) => rows.map((row) => ({ name: name(row), count: row.sales, totalUsd: row.totalUsd }))
  const hour = (value: number) => `${String(value).padStart(2, '0')}:00`
  return [
    part(
      [t('sales.report.byDay'), t('sales.report.day')],
      counted(of.days, ({ day }) => day),
    ),
    part(
      [t('sales.report.byHour'), t('sales.report.hour')],
      counted(of.hours, (each) => hour(each.hour)),
    ),
    part(
      [t('sales.report.byItem'), t('sales.report.item')],
      of.items.map(({ name, quantity: sold, totalUsd }) => ({ name, count: sold, totalUsd })),
      t('sales.report.sold'),
    ),
    part(
      [t('sales.report.byPerson'), t('staff.person')],
      counted(of.people, ({ actorId }) => personName(actorId)),
    ),
  ]
}
