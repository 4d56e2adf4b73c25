import { Anchor, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconCircleCheck, IconSnowflake } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { dayOf, startOfDay } from '../../../contract.ts'
import { quantity, useFormats } from '../../../ui/format.ts'
import { useNow } from '../../../ui/use-now.ts'
import { InBranch } from '../../components/in-branch.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Both, Usd } from '../../components/money.tsx'
import { usePersonName } from '../../components/names.tsx'
import { Tag } from '../../components/tag.tsx'
import type { BranchTodayQuery } from '../../generated/graphql.ts'
import { inLastDay } from '../../lib/day.ts'
import { type Branch, useMay } from '../../live/console.ts'
import { useReading } from '../../live/use-reading.ts'
import { LongOpen } from '../cash/cash.tsx'
import { branchTodayQuery } from './documents.ts'
import { EditBranch } from './edit-branch.tsx'
import { FreezeSwitch } from './freeze-switch.tsx'

/** Rejections show in no stream, so nothing nudges for them. */
const askEveryMs = 10_000

export function BranchCard({ branch }: { branch: Branch }) {
  const { branchId, name, status } = branch
  const { timeZone } = branch
  const since = startOfDay(dayOf(new Date(useNow(60_000)), timeZone), timeZone).toISOString()
  const today = useReading(
    branchTodayQuery,
    { branchId, since },
    { modules: ['SALE', 'CASH_SESSION'], branchId, everyMs: askEveryMs },
  )
  const mayEdit = useMay('branch.edit')
  return (
    <Paper
      withBorder
      p="lg"
      radius="lg"
      component="section"
      aria-label={name}
      data-testid="branch-card"
      data-branch={branchId}
    >
      <Stack gap="md" h="100%" justify="space-between">
        <Group justify="space-between" wrap="nowrap" mih={44}>
          <Group gap={4} wrap="nowrap" miw={0}>
            <Title order={2} size="h4" lineClamp={2}>
              {name}
            </Title>
            {mayEdit && status === 'ACTIVE' && <EditBranch branch={branch} />}
          </Group>
          <BranchStatus status={status} />
        </Group>
        <Loaded of={today} skeleton={<Skeleton height={132} />}>
          {(data) => (
            <InBranch branchId={branchId}>
              <Today branchId={branchId} data={data} />
            </InBranch>
          )}
        </Loaded>
        <FreezeSwitch branch={branch} />
      </Stack>
    </Paper>
  )
}

function BranchStatus({ status }: { status: string }) {
  const { t } = useTranslation('admin')
  const isFrozen = status === 'FROZEN'
  return (
    <Tag
      flex="none"
      color={isFrozen ? 'blue' : 'green'}
      leftSection={isFrozen ? <IconSnowflake size={16} /> : <IconCircleCheck size={16} />}
      data-testid="branch-status"
      data-status={status}
    >
      {t(isFrozen ? 'overview.status.FROZEN' : 'overview.status.ACTIVE')}
    </Tag>
  )
}

function Today({ branchId, data }: { branchId: string; data: BranchTodayQuery }) {
  const { t } = useTranslation('admin')
  const { dayAndTime } = useFormats()
  const personName = usePersonName()
  const now = useNow(60_000)
  const { takings, cashSession, rejectedOperations } = data
  const decided = rejectedOperations.edges.map(({ node }) => node.decidedAt)
  const rejected = inLastDay(decided, now)
  const isAll = rejected < decided.length || !rejectedOperations.pageInfo.hasNextPage
  return (
    <Stack gap="xs">
      <Line name={t('overview.today')} to={`/sales?branch=${branchId}`}>
        <Text fw={650} size="lg" data-testid="takings">
          <Usd of={takings.totalUsd} />
        </Text>
        <Text c="dimmed" size="sm">
          {quantity(takings.sales)}
          {takings.voided > 0 && ` · ${t('overview.voided', { count: takings.voided })}`}
        </Text>
      </Line>
      <Line name={t('overview.session')} to={`/cash?branch=${branchId}`}>
        {cashSession ? (
          <>
            <Both of={cashSession.expected} ta="right" />
            <Text c="dimmed" size="sm">
              {t('overview.sessionOpen', {
                time: dayAndTime(cashSession.openedAt),
                name: personName(cashSession.openedBy),
              })}
            </Text>
            <LongOpen session={{ ...cashSession, status: 'OPEN' }} />
          </>
        ) : (
          <Text>{t('overview.sessionNone')}</Text>
        )}
      </Line>
      <Line name={t('overview.rejected')} to={`/rejected?branch=${branchId}`}>
        <Text fw={rejected > 0 ? 650 : 400} c={rejected > 0 ? 'var(--mantine-color-error)' : undefined}>
          {isAll ? quantity(rejected) : t('overview.more', { count: rejected })}
        </Text>
      </Line>
    </Stack>
  )
}

const Line = ({ name, to, children }: { name: string; to: string; children: ReactNode }) => (
  <Group justify="space-between" align="flex-start" wrap="nowrap">
    <Anchor component={Link} href={to} flex="none">
      {name}
    </Anchor>
    <Stack gap={0} align="flex-end" ta="right">
      {children}
    </Stack>
  </Group>
)
