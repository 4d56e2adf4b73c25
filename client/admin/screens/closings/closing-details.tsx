import { Alert, Stack, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../../ui/format.ts'
import { DetailsDrawer } from '../../components/details-drawer.tsx'
import { Facts } from '../../components/facts.tsx'
import { Both, Difference, Moved } from '../../components/money.tsx'
import { useDeviceName, usePersonName } from '../../components/names.tsx'
import { leftOf } from '../../lib/closing.ts'
import { Desk } from '../rejected/desk.tsx'
import type { Closing } from './closings.tsx'

export function ClosingDetails(props: { closing: Closing; branchId: string; onClose: () => void }) {
  const { closing, branchId, onClose } = props
  const { t } = useTranslation('admin')
  const { dayAndTime } = useFormats()
  const personName = usePersonName()
  const { content, supplements, hash } = closing
  const left = leftOf(closing)
  return (
    <DetailsDrawer
      title={t('closings.one', { number: closing.number, time: dayAndTime(content.closedAt) })}
      onClose={onClose}
    >
      <Stack gap="lg">
        <Facts
          of={[
            [t('cash.opened'), `${dayAndTime(content.openedAt)}, ${personName(content.openedBy)}`],
            [t('cash.closed'), `${dayAndTime(content.closedAt)}, ${personName(content.closedBy)}`],
            [t('cash.expected'), <Both key="expected" of={content.expected} />],
            content.counted ? [t('cash.counted'), <Both key="counted" of={content.counted} />] : null,
            content.difference
              ? [t('cash.differenceHint'), <Difference key="difference" of={content.difference} />]
              : null,
            supplements.length > 0 && left ? [t('closings.left'), <Difference key="left" of={left} />] : null,
            content.note ? [t('cash.note'), content.note] : null,
            [t('closings.hash'), hash.slice(0, 16)],
          ]}
        />
        <Parts of={content} />
        <Outside of={content} />
        {supplements.map((each) => (
          <Alert key={each.number} color="blue" title={t('closings.supplement', { number: each.number })}>
            {t('closings.supplementText', {
              ...{ count: each.entries.length, time: dayAndTime(each.recordedAt), name: personName(each.by) },
            })}
            <Moved of={{ usd: each.usd, khr: each.khr }} />
            {each.reason}
          </Alert>
        ))}
        <section>
          <Title order={3} size="h5" mb="xs">
            {t('closings.late')}
          </Title>
          <Desk
            cashSessionId={closing.cashSessionId}
            branchId={branchId}
            empty={<Text c="dimmed">{t('closings.noneLate')}</Text>}
          />
        </section>
      </Stack>
    </DetailsDrawer>
  )
}

/** Why the drawer should hold what it should: by kind, before anybody reads a list. */
function Parts({ of }: { of: Closing['content'] }) {
  const { t } = useTranslation('admin')
  const rows = [
    [t('cash.openingFloat'), null, of.openingFloat],
    [t('closings.sales'), of.sales.count, of.sales],
    [t('closings.voids'), of.voids.count, of.voids],
    [t('cash.kind.PAID_IN'), of.paidIn.count, of.paidIn],
    [t('cash.kind.PAID_OUT'), of.paidOut.count, of.paidOut],
    [t('cash.kind.ADJUSTMENT'), of.adjustments.count, of.adjustments],
  ] as const
  return (
    <section>
      <Title order={3} size="h5" mb="xs">
        {t('closings.parts')}
      </Title>
      <Table>
        <Table.Tbody>
          {rows.map(([label, count, money]) => (
            <Table.Tr key={label}>
              <Table.Td>{label}</Table.Td>
              <Table.Td ta="right">{count}</Table.Td>
              <Table.Td ta="right">
                <Both of={money} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}

/** What was known not to be there when it was closed. */
function Outside({ of }: { of: Closing['content'] }) {
  const { t } = useTranslation('admin')
  const { dayAndTime } = useFormats()
  const deviceName = useDeviceName()
  const { devices, refused } = of.outside
  if (devices.length === 0 && refused.count === 0) return null
  return (
    <Alert color="yellow" title={t('closings.outsideThen')}>
      {devices.map(({ deviceId, numbers, held, heardAt }) => (
        <Text key={deviceId} size="sm">
          {numbers === null
            ? t('closings.silent', { device: deviceName(deviceId), time: dayAndTime(heardAt) })
            : t(held ? 'closings.held' : 'closings.lost', {
                ...{ count: numbers, device: deviceName(deviceId), time: dayAndTime(heardAt) },
              })}
        </Text>
      ))}
      {refused.count > 0 && <Text size="sm">{t('closings.refusedThen', { count: refused.count })}</Text>}
    </Alert>
  )
}
