import { Alert, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Outside as Known } from '../../../contract.ts'
import { useEntities, useSyncClient, useSyncStatus } from '../../../react/index.ts'
import type { Document } from '../../../sdk/index.ts'
import { ago } from '../../../ui/ago.ts'
import { usd, useFormats } from '../../../ui/format.ts'
import { firstOf } from '../../../ui/i18n.ts'
import { useContextOfTill } from '../../hooks/use-context.ts'

/** `at`: the server's clock when it said so. */
type Outside = Known & { at: string }

const outsideQuery: Document<{ closingOutside: Outside }, Record<string, string>> = {
  toString: () =>
    'query ClosingOutside($tenantId: ID!, $branchId: ID!, $cashSessionId: UUID!) { closingOutside(tenantId: $tenantId, branchId: $branchId, cashSessionId: $cashSessionId) }',
}
/** Asked again while somebody looks: what comes in the meantime is here. */
const againMs = 5_000

/** What the server knows to be outside of the session; null: it cannot be asked. */
function useOutside(cashSessionId: string): Outside | null | undefined {
  const client = useSyncClient()
  const { tenantId, branchId } = useContextOfTill()
  const [outside, setOutside] = useState<Outside | null>()
  useEffect(() => {
    let isGone = false
    const ask = () =>
      client
        .read(outsideQuery, { tenantId, branchId, cashSessionId })
        .then(({ closingOutside }) => closingOutside)
        .catch(() => null)
        .then((found) => {
          if (!isGone) setOutside(found)
        })
    void ask()
    const timer = setInterval(ask, againMs)
    return () => {
      isGone = true
      clearInterval(timer)
    }
  }, [client, tenantId, branchId, cashSessionId])
  return outside
}

/**
 * What is not here, before anybody closes: they may wait, or close all the same. Of tills of which nothing is missing it says
 * when they were last heard of: what they have sold since nobody here can know.
 */
export function ClosingOutside({ cashSessionId }: { cashSessionId: string }) {
  const { t } = useTranslation('pos')
  const { dayAndTime } = useFormats()
  const lastHeard = useLastHeard()
  const { deviceId } = useSyncClient()
  const outside = useOutside(cashSessionId)
  const waiting = useSyncStatus(({ pending, syncing }) => pending + syncing)
  const failed = useSyncStatus((status) => status.failed.length)
  const nameOf = useDeviceNameOf()
  if (outside === undefined) return null
  const lines = [
    ...(outside === null ? [t('cash.outside.offline')] : []),
    ...(waiting > 0 ? [t('cash.outside.own', { count: waiting })] : []),
    ...(outside?.devices ?? [])
      .filter((each) => each.deviceId !== deviceId)
      .map(({ deviceId: id, numbers, held, heardAt }) =>
        numbers === null
          ? t('cash.outside.silent', { device: nameOf(id), time: dayAndTime(heardAt) })
          : t(held ? 'cash.outside.held' : 'cash.outside.lost', {
              count: numbers,
              device: nameOf(id),
              time: dayAndTime(heardAt),
            }),
      ),
    ...((outside?.refused.count ?? 0) > 0
      ? [t('cash.outside.refused', { count: outside!.refused.count, total: usd(outside!.refused.totalUsd) })]
      : failed > 0
        ? [t('cash.outside.failed', { count: failed })]
        : []),
  ]
  const heard = lastHeard(outside, deviceId)
  const is = lines.length > 0 ? 'title' : heard.length > 0 ? 'heard' : 'nothing'
  return (
    <Alert color={colours[is]} data-testid="closing-outside" data-is={is} title={t(`cash.outside.${is}`)}>
      {[...lines, ...heard].map((line) => (
        <Text key={line} size="sm">
          {line}
        </Text>
      ))}
      {heard.length > 0 && <Text size="sm">{t('cash.outside.since')}</Text>}
    </Alert>
  )
}

const colours = { title: 'yellow', heard: 'blue', nothing: 'green' }

function useDeviceNameOf(): (deviceId: string) => string {
  const { t } = useTranslation('pos')
  const names = useEntities('deviceName')
  return (id) =>
    names.find((each) => each.id === id)?.name ?? t('cash.outside.device', { name: id.slice(-8) })
}

/** Of each other till when it was last heard of, by the server's clock, and what it held then. */
function useLastHeard(): (outside: Outside | null, ownId: string) => string[] {
  const { t, i18n } = useTranslation('pos')
  const nameOf = useDeviceNameOf()
  return (outside, ownId) =>
    (outside?.heard ?? [])
      .filter(({ deviceId }) => deviceId !== ownId)
      .map(({ deviceId, heardAt, waiting }) =>
        t(waiting === 0 ? 'cash.outside.empty' : 'cash.outside.spoken', {
          device: nameOf(deviceId),
          ago: ago(heardAt, Date.parse(outside!.at), firstOf([i18n.language])),
        }),
      )
}
