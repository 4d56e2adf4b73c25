import { Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconCircleCheck, IconSnowflake } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { dayOf, startOfDay } from '../../../contract.ts'
import { InBranch } from '../../components/in-branch.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Usd } from '../../components/money.tsx'
import { Tag } from '../../components/tag.tsx'
import type { BranchTodayQuery } from '../../generated/graphql.ts'
import { type Branch, useMay } from '../../live/console.ts'
import { useReading } from '../../live/use-reading.ts'
import { useRightNow } from '../../live/use-right-now.ts'
import { branchTodayQuery } from './documents.ts'
import { EditBranch } from './edit-branch.tsx'
import { FreezeSwitch } from './freeze-switch.tsx'
import { Line } from './line.tsx'
import { MoneyFirst } from './money.tsx'

/** Rejections show in no stream, so nothing nudges for them. */
const askEveryMs = 10_000

export function BranchCard({ branch }: { branch: Branch }) {
  const { branchId, name, status } = branch
  const { timeZone } = branch
  const since = startOfDay(dayOf(new Date(useRightNow(60_000)), timeZone), timeZone).toISOString()
  const today = useReading(
    branchTodayQuery,
    { branchId, since },
    { modules: ['SALE', 'CASH_SESSION'], everyMs: askEveryMs },
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
  const { takings } = data
  return (
    <Stack gap="sm">
      <Line name={t('overview.today')} to={`/sales?branch=${branchId}`}>
        <Text fw={650} size="lg" data-testid="takings">
          <Usd of={takings.totalUsd} />
        </Text>
        <Text c="dimmed" size="sm">
          {t('sales.report.count', { count: takings.sales })}
          {takings.voided > 0 && ` · ${t('overview.voided', { count: takings.voided })}`}
        </Text>
      </Line>
      <MoneyFirst branchId={branchId} data={data} />
    </Stack>
  )
}
