import { Alert, Stack, Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../../ui/format.ts'
import { DetailsDrawer } from '../../components/details-drawer.tsx'
import { Facts } from '../../components/facts.tsx'
import { Both, Difference, Moved } from '../../components/money.tsx'
import { useDeviceName, usePersonName } from '../../components/names.tsx'
import { Section } from '../../components/section.tsx'
import { lateOf, laterOf, unexplainedOf } from '../../lib/closing.ts'
import { Desk } from '../rejected/desk.tsx'
import type { Closing } from './closings.tsx'
import { useSinceText, useTillText } from './why.tsx'

export function ClosingDetails(props: { closing: Closing; branchId: string; onClose: () => void }) {
  const { closing, branchId, onClose } = props
  const { t } = useTranslation('admin')
  const { dayAndTime } = useFormats()
  const personName = usePersonName()
  const { content, supplements, hash } = closing
  const isWaiting = lateOf(closing, 'waits').count > 0
  const desk = (
    <Section title={t('closings.late')}>
      <Desk
        cashSessionId={closing.cashSessionId}
        branchId={branchId}
        empty={<Text c="dimmed">{t('closings.noneLate')}</Text>}
      />
    </Section>
  )
  return (
    <DetailsDrawer
      title={t('closings.one', { number: closing.number, time: dayAndTime(content.closedAt) })}
      onClose={onClose}
    >
      <Stack gap="lg">
        <Explained of={closing} />
        <Tills of={closing} />
        {isWaiting && desk}
        <Parts of={content} />
        {supplements.map((each) => (
          <Alert key={each.number} color="blue" title={t('closings.supplement', { number: each.number })}>
            {t('closings.supplementText', {
              ...{ count: each.entries.length, time: dayAndTime(each.recordedAt), name: personName(each.by) },
            })}
            <Moved of={{ usd: each.usd, khr: each.khr }} />
            {each.reason}
          </Alert>
        ))}
        <Facts
          of={[
            [t('cash.opened'), `${dayAndTime(content.openedAt)}, ${personName(content.openedBy)}`],
            [t('cash.closed'), `${dayAndTime(content.closedAt)}, ${personName(content.closedBy)}`],
            content.note ? [t('cash.note'), content.note] : null,
            [t('closings.hash'), hash.slice(0, 16)],
          ]}
        />
        {!isWaiting && desk}
      </Stack>
    </DetailsDrawer>
  )
}

/** What was counted beside what was expected, and what has come since that explains it: by kind. */
function Explained({ of }: { of: Closing }) {
  const { t } = useTranslation('admin')
  const { expected, counted, difference } = of.content
  const unexplained = unexplainedOf(of)
  const since = [
    ['supplements', laterOf(of)],
    ['waits', lateOf(of, 'waits')],
    ['elsewhere', lateOf(of, 'BOOKED')],
    ['givenUp', lateOf(of, 'GIVEN_UP')],
  ] as const
  const came = since.filter(([, { count }]) => count > 0)
  return (
    <Section title={t('closings.why.section')} testId="closing-difference">
      <Table>
        <Table.Tbody>
          <Sum name={t('cash.expected')} of={<Both of={expected} />} />
          <Sum name={t('cash.counted')} of={counted ? <Both of={counted} /> : t('cash.notCounted')} />
          {difference && <Sum name={t('cash.difference')} of={<Difference of={difference} fw={650} />} />}
          {came.map(([what, sum]) => (
            <Sum
              key={what}
              name={t(`closings.why.of.${what}`, { count: sum.count })}
              of={<Moved of={sum} />}
            />
          ))}
          {came.length > 0 && unexplained && (
            <Sum name={t('closings.left')} of={<Difference of={unexplained} fw={650} />} />
          )}
        </Table.Tbody>
      </Table>
    </Section>
  )
}

const Sum = ({ name, of }: { name: string; of: ReactNode }) => (
  <Table.Tr>
    <Table.Td>{name}</Table.Td>
    <Table.Td ta="right">{of}</Table.Td>
  </Table.Tr>
)

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
    <Section title={t('closings.parts')}>
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
    </Section>
  )
}

/** Till by till: what was known of it when it was closed, and what of it has come since. */
function Tills({ of }: { of: Closing }) {
  const { t } = useTranslation('admin')
  const { dayAndTime } = useFormats()
  const deviceName = useDeviceName()
  const tillText = useTillText()
  const sinceText = useSinceText()
  const { devices, heard = [], refused } = of.content.outside
  const then = new Map([
    ...heard.map(({ deviceId, heardAt }) => {
      const about = { device: deviceName(deviceId), time: dayAndTime(heardAt) }
      return [deviceId, t('closings.heard', about)] as const
    }),
    ...devices.map((each) => [each.deviceId, tillText(each)] as const),
  ])
  const late = of.late.map(({ deviceId }) => deviceId ?? null)
  const ids = [...new Set([...devices.map(({ deviceId }) => deviceId), ...late, ...then.keys()])]
  if (ids.length === 0 && refused.count === 0) return null
  return (
    <Alert
      color={late.length > 0 || devices.length > 0 ? 'yellow' : 'gray'}
      title={t('closings.outsideThen')}
    >
      {ids.map((id) => (
        <Text key={id} size="sm" data-testid="closing-till">
          {(id !== null && then.get(id)) || t('closings.notThen', { device: deviceName(id) })}{' '}
          <b>{sinceText(of, id)}</b>
        </Text>
      ))}
      {refused.count > 0 && <Text size="sm">{t('closings.refusedThen', { count: refused.count })}</Text>}
    </Alert>
  )
}
