import { Paper, Table } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './row-table.module.css'
import { ScrollRegion } from './scroll-region.tsx'

export type Column = {
  readonly name: string
  readonly isNumber?: boolean
  /** The name is for those who do not see. */
  readonly isHidden?: boolean
  /** On narrower screens it is left out; its cells say the same by `visibleFrom`. */
  readonly from?: 'md' | 'lg' | 'xl'
}

/** A table on paper, which scrolls by itself where the screen is narrow. */
export function RowTable(props: { label: string; columns: readonly Column[]; children: ReactNode }) {
  const { label, columns, children } = props
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
          <Table.Tbody>{children}</Table.Tbody>
        </Table>
      </ScrollRegion>
    </Paper>
  )
}
