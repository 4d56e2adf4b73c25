/** What a screen takes from the hooks, for its types. */
import type { Entity, SyncClient } from 'modula-sync/client'
import { SyncProvider, useEntities, usePerform, useSyncStatus } from 'modula-sync/react'
import { createElement, type ReactElement } from 'react'

export const screen = (client: SyncClient): ReactElement =>
  createElement(SyncProvider, { client }, createElement(Menu))

function Menu(): ReactElement {
  const waiting: number = useSyncStatus((status) => status.pending)
  const items: readonly Entity<'menuItem'>[] = useEntities('menuItem', { where: { archived: false } })
  const { perform } = usePerform()
  const start = () =>
    perform('attendance.startWork', { attendanceId: 'a5a5a5a5-0000-4000-8000-000000000001' })
  // @ts-expect-error: what takes a connection cannot be queued
  const wrong = () => perform('menuItem.save', { menuItemId: 'tea' })
  return createElement('ul', { onClick: start, onDoubleClick: wrong }, [
    waiting,
    ...items.map(({ name }) => name),
  ])
}
