import { Paper, Table, type TableTdProps, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { InBranch } from './in-branch.tsx'
import { OpenRow } from './open-row.tsx'
import classes from './row-table.module.css'
import { ScrollRegion } from './scroll-region.tsx'

export type Column<Row> = {
  readonly name: string
  readonly cell: (row: Row) => ReactNode
  /** What is said below it, less loudly; nothing where it is empty. */
  readonly below?: (row: Row) => ReactNode
  readonly isNumber?: boolean
  /** The name is for those who do not see. */
  readonly isHidden?: boolean
  /** On narrower screens it is left out. */
  readonly from?: 'md' | 'lg' | 'xl'
  readonly look?: TableTdProps
}

const Below = ({ children }: { children: ReactNode }) =>
  children && (
    <Text component="div" size="sm" c="dimmed">
      {children}
    </Text>
  )

/** A table on paper, which scrolls by itself where the screen is narrow. */
export function RowTable<Row>(props: {
  label: string
  rows: readonly Row[]
  keyOf: (row: Row) => string
  /** False: one that is not there. */
  columns: readonly (Column<Row> | false)[]
  /** By which a row is found. */
  marks: (row: Row) => Record<`data-${string}`, unknown>
  /** A row opens: by the mouse wherever it is, by keyboard in its first cell. */
  onOpen?: (row: Row) => void
  /** Where rows are of several branches: a row's times are as they are there. */
  branchOf?: (row: Row) => string | null
}) {
  const { label, rows, keyOf, marks, onOpen, branchOf } = props
  const columns = props.columns.filter((column) => column !== false)
  const line = (row: Row) => {
    const open = onOpen && (() => onOpen(row))
    return (
      <Table.Tr key={keyOf(row)} onClick={open} style={open && { cursor: 'pointer' }} {...marks(row)}>
        {columns.map(({ name, cell, below, isNumber, from, look }, place) => (
          <Table.Td key={name} ta={isNumber ? 'right' : undefined} visibleFrom={from} {...look}>
            {open && place === 0 ? <OpenRow onOpen={open}>{cell(row)}</OpenRow> : cell(row)}
            <Below>{below?.(row)}</Below>
          </Table.Td>
        ))}
      </Table.Tr>
    )
  }
  return (
    <Paper withBorder radius="lg" className={classes.paper}>
      <ScrollRegion label={label}>
        <Table verticalSpacing="sm" horizontalSpacing="md" className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ name, isNumber, isHidden, from }) => (
                <Table.Th key={name} ta={isNumber ? 'right' : undefined} visibleFrom={from}>
                  {isHidden ? <span className={classes.hidden}>{name}</span> : name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) =>
              branchOf ? (
                <InBranch key={keyOf(row)} branchId={branchOf(row)}>
                  {line(row)}
                </InBranch>
              ) : (
                line(row)
              ),
            )}
          </Table.Tbody>
        </Table>
      </ScrollRegion>
    </Paper>
  )
}
