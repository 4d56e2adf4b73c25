import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Money } from '../../../contract.ts'
import { useEntities, useEntity } from '../../../react/index.ts'
import { khr, usd, useFormats } from '../../../ui/format.ts'
import { plus } from '../../../ui/money.ts'
import { useBranch, useNameOf } from '../../hooks/use-context.ts'
import { differences, type Seen, type Statement, salesOf, seenAt } from '../../lib/closing.ts'
import { type CashSession, drawerOf } from '../../lib/drawer.ts'
import { signed } from '../cash/counted-against.tsx'
import classes from '../receipt/receipt.module.css'
import own from './slip.module.css'

/** The slip of a closing: the statement's numbers where it is here, this till's until then. Of an open session, an X report. */
export function ClosingSlip({ session }: { session: CashSession }) {
  const { t } = useTranslation('pos')
  const branch = useBranch()
  const nameOf = useNameOf()
  const { dayAndTime } = useFormats()
  const statement = useEntity('closingStatement', session.id)
  const supplements = useEntities('closingSupplement', { where: { cashSessionId: session.id } })
  const isOpen = session.status === 'OPEN'
  return (
    <section
      className={classes.paper}
      data-receipt
      data-testid="closing-slip"
      aria-label={t('cash.slip.title')}
    >
      <div className={classes.head}>
        <div className={classes.name}>{branch?.name}</div>
        <div className={classes.number}>
          {isOpen
            ? t('cash.slip.x')
            : statement
              ? t('cash.slip.number', { number: statement.number })
              : t('cash.slip.title')}
        </div>
        <div>
          {t('cash.openSince', { time: dayAndTime(session.openedAt), name: nameOf(session.openedBy) })}
        </div>
        {session.closedAt && (
          <div>
            {t('cash.slip.closed', {
              time: dayAndTime(session.closedAt),
              name: nameOf(session.closedBy ?? ''),
            })}
          </div>
        )}
      </div>
      <Figures session={session} statement={statement} />
      {statement && <Outside statement={statement} />}
      {supplements.map(({ id, number, usd: more, khr: riel, recordedAt, entries }) => (
        <div key={id} className={own.note}>
          {t('cash.slip.supplement', {
            ...{ number, count: entries.length, time: dayAndTime(recordedAt) },
            amount: both({ usd: more, khr: riel }),
          })}
        </div>
      ))}
      {!isOpen && <Agreement seen={seenAt(session.id)} statement={statement} />}
    </section>
  )
}

function Figures({ session, statement }: { session: CashSession; statement: Statement | undefined }) {
  const { t } = useTranslation('pos')
  const movements = useEntities('cashMovement', { where: { cashSessionId: session.id } })
  const here = salesOf(useEntities('sale'), session.id)
  const drawer = drawerOf(session, movements)
  const of = statement ?? session
  const sold = statement ? { sales: statement.sales.count, totalUsd: statement.sales.totalUsd } : here
  const { counted, difference } = of
  return (
    <>
      <div className={classes.lines}>
        <Row label={t('cash.slip.sales', { count: sold.sales })} value={usd(sold.totalUsd)} />
        {statement && statement.voids.count > 0 && (
          <Row
            label={t('cash.slip.voids', { count: statement.voids.count })}
            value={usd(statement.voids.totalUsd)}
          />
        )}
        {statement?.receipts && (
          <Row
            label={t('cash.slip.receipts')}
            value={`${statement.receipts.first}–${statement.receipts.last}`}
          />
        )}
      </div>
      <div className={classes.lines}>
        <MoneyRow label={t('cash.opening')} of={of.openingFloat} />
        <MoneyRow
          label={t('cash.sales')}
          of={statement ? plus(statement.sales, statement.voids) : drawer.sales}
        />
        <MoneyRow label={t('cash.paidIn')} of={statement?.paidIn ?? drawer.paidIn} />
        <MoneyRow label={t('cash.paidOut')} of={statement?.paidOut ?? drawer.paidOut} />
        <MoneyRow label={t('cash.adjustments')} of={statement?.adjustments ?? drawer.adjustments} />
      </div>
      <div className={classes.sums}>
        <MoneyRow label={t('cash.slip.expected')} of={of.expected} isGrand />
        {counted && <MoneyRow label={t('cash.close.counted')} of={counted} />}
        {difference && <MoneyRow label={t('cash.close.difference')} of={difference} isGrand isSigned />}
      </div>
    </>
  )
}

const both = (of: Money) => `${usd(of.usd)} + ${khr(of.khr)}`

/** What was known not to be here when it was closed. */
function Outside({ statement }: { statement: Statement }) {
  const { t } = useTranslation('pos')
  const { time } = useFormats()
  const names = useEntities('deviceName')
  const { devices, heard = [], refused } = statement.outside
  if (devices.length + heard.length + refused.count === 0) return null
  const numbers = devices.reduce((sum, each) => sum + (each.numbers ?? 0), 0)
  const silent = devices.filter((each) => each.numbers === null).length
  const nameOf = (id: string) => names.find((each) => each.id === id)?.name ?? id.slice(-8)
  const tills = heard.map(({ deviceId, heardAt }) => `${nameOf(deviceId)} ${time(heardAt)}`).join(', ')
  return (
    <div className={own.note}>
      {numbers > 0 && <div>{t('cash.slip.outside', { count: numbers })}</div>}
      {silent > 0 && <div>{t('cash.slip.silent', { count: silent })}</div>}
      {tills && <div>{t('cash.slip.heard', { tills })}</div>}
      {refused.count > 0 && (
        <div>{t('cash.outside.refused', { count: refused.count, total: usd(refused.totalUsd) })}</div>
      )}
    </div>
  )
}

/** Whether till and server say the same; until the server has spoken, that it has not. */
function Agreement({ seen, statement }: { seen: Seen | null; statement: Statement | undefined }) {
  const { t } = useTranslation('pos')
  const differing = seen && statement ? differences(seen, statement) : []
  return (
    <div
      className={classes.head}
      style={{ margin: '0.75rem 0 0' }}
      role="status"
      data-testid="closing-agreement"
    >
      {!statement
        ? t('cash.slip.waits')
        : differing.length > 0
          ? t('cash.slip.differs', { what: differing.map((each) => t(`cash.slip.what.${each}`)).join(', ') })
          : t('cash.slip.agreed')}
      {statement && <div className={own.hash}>{statement.hash.slice(0, 16)}</div>}
    </div>
  )
}

function MoneyRow(props: { label: string; of: Money; isGrand?: boolean; isSigned?: boolean }) {
  const { label, of, isGrand, isSigned } = props
  const write = (amount: number, currency: (amount: number) => string) =>
    isSigned ? signed(amount, currency) : currency(amount)
  const value = (
    <>
      {write(of.usd, usd)}
      <br />
      {write(of.khr, khr)}
    </>
  )
  return <Row label={label} value={value} isGrand={isGrand} />
}

function Row(props: { label: string; value: ReactNode; isGrand?: boolean | undefined }) {
  const { label, value, isGrand = false } = props
  return (
    <div className={`${classes.row} ${isGrand ? own.strong : ''}`}>
      <span>{label}</span>
      <span style={{ textAlign: 'right' }}>{value}</span>
    </div>
  )
}
