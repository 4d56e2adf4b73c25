import { Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Outside } from '../../../contract.ts'
import { quantity, usd, useFormats } from '../../../ui/format.ts'
import { Both, Difference } from '../../components/money.tsx'
import { useDeviceName, usePersonName } from '../../components/names.tsx'
import type { BranchTodayQuery } from '../../generated/graphql.ts'
import { leftOf, toldOf } from '../../lib/closing.ts'
import { useReading } from '../../live/use-reading.ts'
import { LongOpen } from '../cash/cash.tsx'
import { outsideNowQuery } from '../closings/documents.ts'
import { Why } from '../closings/why.tsx'
import { Line } from './line.tsx'

/** What an owner asks first: the last difference, what is open for too long, what is not here, what nobody has dealt with. */
export function MoneyFirst({ branchId, data }: { branchId: string; data: BranchTodayQuery }) {
  const { cashSession } = data
  return (
    <>
      <LastClosing branchId={branchId} of={data.closings.edges[0]?.node ?? null} />
      <OpenSession branchId={branchId} of={cashSession ?? null} />
      {cashSession && <NotHere branchId={branchId} cashSessionId={cashSession.id} />}
      <Refused branchId={branchId} of={data.refusals} />
    </>
  )
}

function LastClosing(props: {
  branchId: string
  of: BranchTodayQuery['closings']['edges'][number]['node'] | null
}) {
  const { branchId, of } = props
  const { t } = useTranslation('admin')
  const { dayAndTime } = useFormats()
  if (!of) return null
  const told = toldOf(of)
  const left = leftOf(told)
  return (
    <Line name={t('overview.lastDifference')} to={`/closings?branch=${branchId}`}>
      <div data-testid="last-difference">
        {left ? <Difference of={left} fw={650} /> : <Text>{t('cash.notCounted')}</Text>}
      </div>
      <Text c="dimmed" size="sm">
        {t('closings.one', { number: of.number, time: dayAndTime(told.content.closedAt) })}
      </Text>
      <Why of={told} align="flex-end" />
    </Line>
  )
}

function OpenSession({ branchId, of }: { branchId: string; of: BranchTodayQuery['cashSession'] | null }) {
  const { t } = useTranslation('admin')
  const { dayAndTime } = useFormats()
  const personName = usePersonName()
  return (
    <Line name={t('overview.session')} to={`/cash?branch=${branchId}`}>
      {of ? (
        <>
          <Both of={of.expected} ta="right" />
          <Text c="dimmed" size="sm">
            {t('overview.sessionOpen', { time: dayAndTime(of.openedAt), name: personName(of.openedBy) })}
          </Text>
          <LongOpen session={{ ...of, status: 'OPEN' }} />
        </>
      ) : (
        <Text>{t('overview.sessionNone')}</Text>
      )}
    </Line>
  )
}

/** What devices hold, or have lost, of the session that is open. */
function NotHere({ branchId, cashSessionId }: { branchId: string; cashSessionId: string }) {
  const { t } = useTranslation('admin')
  const { dayAndTime } = useFormats()
  const deviceName = useDeviceName()
  const outside = useReading(
    outsideNowQuery,
    { branchId, cashSessionId },
    { modules: ['SALE', 'CASH_SESSION'], everyMs: 30_000 },
  )
  const devices = (outside.data?.closingOutside as Outside | undefined)?.devices ?? []
  if (devices.length === 0) return null
  return (
    <Line name={t('overview.outside')} to="/devices">
      {devices.slice(0, 4).map(({ deviceId, numbers, held, heardAt }) => (
        <Text
          key={deviceId}
          size="sm"
          data-testid="overview-outside"
          c={held ? undefined : 'var(--mantine-color-error)'}
        >
          {numbers === null
            ? t('overview.silent', { device: deviceName(deviceId), time: dayAndTime(heardAt) })
            : t(held ? 'overview.held' : 'overview.lost', { count: numbers, device: deviceName(deviceId) })}
        </Text>
      ))}
    </Line>
  )
}

function Refused({ branchId, of }: { branchId: string; of: BranchTodayQuery['refusals'] }) {
  const { t } = useTranslation('admin')
  const { length } = of.edges
  const total = of.edges.reduce((sum, { node }) => sum + node.totalUsd, 0)
  const many = of.pageInfo.hasNextPage
  return (
    <Line name={t('overview.refused')} to={`/rejected?branch=${branchId}`}>
      {length === 0 ? (
        <Text>{quantity(0)}</Text>
      ) : (
        <Look testId="overview-refused">
          {t(many ? 'overview.refusedMany' : 'overview.refusedOf', { count: length, total: usd(total) })}
        </Look>
      )}
    </Line>
  )
}

const Look = ({ children, testId }: { children: React.ReactNode; testId: string }) => (
  <Text fw={650} c="var(--mantine-color-error)" data-testid={testId}>
    <IconAlertTriangle size={16} aria-hidden style={{ verticalAlign: 'text-bottom' }} /> {children}
  </Text>
)
